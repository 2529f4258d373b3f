// Changes in Keystone as an administrator makes them by hand: through its API on the public VIP, with curl.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Deployment } from './deployment.ts';
import { run } from './lab-tools.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly interface: string;
}

export interface AdminApi {
  removeRoles(user: string, project: string): Promise<void>;
  moveEndpoint(kind: string, url: string): Promise<void>;
}

export async function adminApi(of: Deployment): Promise<AdminApi> {
  const name = `cloud.${of.name}.example:5000`;
  const base = `https://${name}/v3`;
  const where = ['--max-time', '20', '--resolve', `${name}:${of.address('vip')}`];
  const credentials = join(of.stateDirectory, 'credentials');
  const ask = async (words: readonly string[]): Promise<string> => {
    const [program, ...parameters] = of.inLab([
      'curl',
      '-sSf',
      ...where,
      '--cacert',
      join(credentials, 'ca.crt'),
      ...words,
    ]);
    return (await run(program, parameters)).stdout;
  };
  const clouds = parse(await readFile(join(credentials, 'clouds.yaml'), 'utf8')) as {
    readonly clouds: Readonly<Record<string, { readonly auth: { readonly password: string } }>>;
  };
  const domain = { id: 'default' };
  const password = { user: { name: 'admin', domain, password: clouds.clouds[of.name]?.auth.password } };
  const body = {
    auth: { identity: { methods: ['password'], password }, scope: { project: { name: 'admin', domain } } },
  };
  const json = ['-H', 'Content-Type: application/json'];
  const answer = await ask(['-i', ...json, '-d', JSON.stringify(body), `${base}/auth/tokens`]);
  const token = ['-H', `X-Auth-Token: ${/^x-subject-token: (\S+)/im.exec(answer)?.[1] ?? ''}`];
  const list = async (what: string, query = ''): Promise<readonly Named[]> =>
    (JSON.parse(await ask([...token, `${base}/${what}${query}`])) as Record<string, Named[]>)[what] ?? [];
  return {
    removeRoles: async (user, project) => {
      const [who] = await list('users', `?name=${user}`);
      const [on] = await list('projects', `?name=${project}`);
      for (const role of await list('roles'))
        await ask([...token, '-X', 'DELETE', `${base}/projects/${on?.id}/users/${who?.id}/roles/${role.id}`]).catch(
          () => undefined,
        );
    },
    moveEndpoint: async (kind, url) => {
      const one = (await list('endpoints')).find((each) => each.interface === kind);
      const change = JSON.stringify({ endpoint: { url } });
      await ask([...token, ...json, '-X', 'PATCH', '-d', change, `${base}/endpoints/${one?.id}`]);
    },
  };
}
