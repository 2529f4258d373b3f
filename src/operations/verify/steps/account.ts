// Log in as administrator; make a project and a user that is a member of it; log in as that user; set quotas.
// The administrator gets a role in the project too: by that, clean-up sees everything in it.
import { openSession } from '../../../openstack/session.ts';
import type { Session } from '../../../openstack/session.ts';
import { logIn, need } from '../bench.ts';
import type { Bench } from '../bench.ts';
import type { VerifyStep } from '../step.ts';

export const logInStep: VerifyStep = {
  name: 'log-in',
  services: ['keystone'],
  after: [],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    bench.made.admin = await openSession(bench.tools.client, bench.settings.admin, signal);
    return `administrator, token and catalogue from ${new URL(bench.settings.admin.url).host}`;
  },
};

export const accountStep: VerifyStep = {
  name: 'account',
  services: ['keystone'],
  after: ['log-in'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const admin = need(bench, 'admin');
    const { project } = await admin.request<{ readonly project: { readonly id: string } }>('identity', {
      method: 'POST',
      path: '/projects',
      body: { project: { name: bench.name('project'), domain_id: 'default', description: 'hastack verify' } },
      signal,
    });
    const { user } = await admin.request<{ readonly user: { readonly id: string } }>('identity', {
      method: 'POST',
      path: '/users',
      body: {
        user: {
          name: bench.name('user'),
          domain_id: 'default',
          password: bench.settings.password,
          default_project_id: project.id,
        },
      },
      signal,
    });
    await grant(admin, { project: project.id, user: user.id, role: 'member' }, signal);
    bench.made.user = await logIn(bench, signal);
    return 'a project, and its member logged in';
  },
};

interface Grant {
  readonly project: string;
  readonly user: string;
  readonly role: string;
}

export async function grant(admin: Session, { project, user, role }: Grant, signal?: AbortSignal): Promise<void> {
  const { roles } = await admin.request<{ readonly roles: readonly { readonly id: string }[] }>('identity', {
    path: `/roles?name=${role}`,
    signal,
  });
  const [found] = roles;
  if (found === undefined) throw new Error(`identity has no role named ${role}`);
  await admin.request('identity', {
    method: 'PUT',
    path: `/projects/${project}/users/${user}/roles/${found.id}`,
    signal,
  });
}

const INSTANCES = 4;

export const quotaStep: VerifyStep = {
  name: 'quota',
  services: ['nova'],
  after: ['account'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const { projectId } = need(bench, 'user');
    await need(bench, 'admin').request('compute', {
      method: 'PUT',
      path: `/os-quota-sets/${projectId}`,
      body: { quota_set: { instances: INSTANCES, cores: INSTANCES } },
      signal,
    });
    const seen = await instanceLimit(bench, signal);
    if (seen !== INSTANCES) throw new Error(`the quota of instances was set to ${INSTANCES}, the user sees ${seen}`);
    return `${INSTANCES} instances, as the user sees it`;
  },
};

async function instanceLimit(bench: Bench, signal: AbortSignal): Promise<number> {
  const { limits } = await need(bench, 'user').request<{
    readonly limits: { readonly absolute: { readonly maxTotalInstances: number } };
  }>('compute', { path: '/limits', signal });
  return limits.absolute.maxTotalInstances;
}
