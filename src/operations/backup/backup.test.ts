// A backup and a restore as a whole, over three hosts that are directories of this machine: real scripts, real streams,
// real encryption; a restore is killed at every script it runs, and finishes when it is run again.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/system-clock.ts';
import { systemRandom } from '../../lib/system-random.ts';
import type { RunEvent } from '../../model/event.ts';
import { FakeTransport } from '../../remote/fake.ts';
import { localPipe } from '../../remote/pipe.ts';
import { checkHashes, openBackup, startBackup } from '../../store/backup-directory.ts';
import { restoreBackup, restoreSteps } from './restore.ts';
import type { Restoring } from './restore.ts';
import { takeBackup } from './take.ts';
import { chooseHost } from './tools.ts';
import type { BackupTools, NamedBackup } from './tools.ts';
import { verifyBackup } from './verify.ts';

const HOSTS = ['ctl1', 'ctl2', 'ctl3'];
const DATA = '/var/lib/db';

/** A store whose rows are files; its writer has the most clients. */
const store: NamedBackup = {
  name: 'store',
  title: 'the rows',
  destroys: 'rows',
  needsQuiet: true,
  stream: {
    hosts: HOSTS,
    rank: () => ({ text: 'cat /var/lib/clients' }),
    info: () => ({ text: 'echo version 1; echo content-bytes 100' }),
    facts: () => ({ text: `cd ${DATA}; for f in *; do printf '%s\\t%s\\n' "$f" "$(cat "$f")"; done` }),
    export: () =>
      `[ ! -e /var/lib/broken ] || { echo half; exit 1; }; tar -C ${DATA} -c .; [ ! -e /var/lib/busy ] || date +%s%N >${DATA}/busy`,
    staged: ({ key }) => ({ text: `[ -e /var/lib/stage-${key}/.done ] || grep -qsx ${key} /var/lib/swapped` }),
    stage: ({ key }) =>
      `rm -rf /var/lib/stage-${key}; mkdir /var/lib/stage-${key}; tar -C /var/lib/stage-${key} -x && : >/var/lib/stage-${key}/.done`,
    replace: ({ host, key }) => [
      {
        host,
        does: 'swap',
        script: {
          text: `grep -qsx ${key} /var/lib/swapped && exit 0; [ -e /var/lib/stage-${key}/.done ] || exit 1; rm -rf ${DATA}; mv /var/lib/stage-${key} ${DATA}; rm ${DATA}/.done; echo ${key} >/var/lib/swapped`,
        },
      },
    ],
    finish: ({ host }) => [{ host, does: 'finish', script: { text: 'echo finished >>/var/lib/log' } }],
    scratch: {
      load: ({ key }) => `mkdir /var/lib/scratch-${key}; tar -C /var/lib/scratch-${key} -x`,
      facts: ({ key }) => ({
        text: `cd /var/lib/scratch-${key}; for f in *; do printf '%s\\t%s\\n' "$f" "$(cat "$f")"; done`,
      }),
      check: () => ({ text: 'echo 2' }),
      remove: ({ key }) => ({ text: `rm -rf /var/lib/scratch-${key}` }),
    },
  },
  secrets: {
    names: ['store/key'],
    install: (values) =>
      HOSTS.map((host) => ({ host, does: 'keys', script: { text: `echo ${values['store/key']} >/var/lib/key` } })),
  },
};

class Killed extends Error {}

let root: string;
let identity: string;
let recipients: readonly string[];
let finished = 0;
const at = (host: string, path: string): string => join(root, host, path);
const onHost = (host: string, text: string): string => text.replaceAll('/var/lib', join(root, host));

beforeEach(async () => {
  finished = 0;
  root = mkdtempSync(join(tmpdir(), 'backup-'));
  identity = await generateX25519Identity();
  recipients = [await identityToRecipient(identity)];
  for (const [index, host] of HOSTS.entries()) {
    mkdirSync(at(host, 'db'), { recursive: true });
    writeFileSync(at(host, 'db/user'), 'admin');
    writeFileSync(at(host, 'db/token'), 'first');
    writeFileSync(at(host, 'clients'), String(index === 2 ? 9 : index));
    writeFileSync(at(host, 'active'), 'keystone.service\n');
  }
  const stub = join(root, 'systemctl');
  writeFileSync(
    stub,
    `#!/bin/sh
case "$1 $2" in
  '--quiet is-active') grep -qx "$3" "$DIR/active" ;;
  stop*) shift; for u; do sed -i "/^$u$/d" "$DIR/active"; echo "stop $u" >>"$DIR/log"; done ;;
  start*) shift; for u; do grep -qx "$u" "$DIR/active" || echo "$u" >>"$DIR/active"; echo "start $u" >>"$DIR/log"; done ;;
esac`,
  );
  chmodSync(stub, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface World {
  readonly tools: BackupTools;
  readonly events: RunEvent[];
  readonly scripts: () => number;
}

/** `killAt`: the script, counted from 1, before which everything ends. */
async function world(killAt = Infinity): Promise<World> {
  let scripts = 0;
  const count = (): void => {
    scripts += 1;
    if (scripts >= killAt) throw new Killed();
  };
  const handler = (host: string) => (script: { readonly text: string }) => {
    count();
    const text = `export DIR=${join(root, host)} PATH=${root}:$PATH\n${onHost(host, script.text)}`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', text], { encoding: 'utf8' });
    return { code: status ?? 137, stdout, stderr };
  };
  const transport = new FakeTransport(new Map(HOSTS.map((host) => [host, handler(host)])));
  const sessions = new Map(
    await Promise.all(HOSTS.map(async (host) => [host, await transport.connect(host)] as const)),
  );
  const local = localPipe(systemClock);
  const events: RunEvent[] = [];
  const tools: BackupTools = {
    sessions,
    pipe: async (request) => {
      count();
      await local({ ...request, program: onHost(request.host, request.program) });
    },
    clock: systemClock,
    random: systemRandom,
    emit: (event) => void events.push(event),
  };
  return { tools, events, scripts: () => scripts };
}

async function take() {
  const { tools } = await world();
  return takeBackup(tools, {
    cluster: 'campus',
    version: '0.1.0',
    parts: [store],
    recipients,
    secret: () => 'the-key',
    state: 'sealed state',
    draft: startBackup(join(root, 'backups'), 'campus', Date.now()),
  });
}

function restoring({ path, manifest }: Awaited<ReturnType<typeof take>>, host = 'ctl1'): Restoring {
  const part = manifest.parts.find(({ name }) => name === 'store');
  if (part === undefined) throw new Error('no part');
  return {
    path,
    identity,
    key: 'abcdef',
    streams: [{ part, backup: store, host }],
    secretSteps: store.secrets?.install({ 'store/key': 'the-key' }) ?? [],
    units: new Map(HOSTS.map((each) => [each, ['keystone.service', 'glance-api.service']])),
    hosts: HOSTS,
    finished: () => {
      finished += 1;
      return Promise.resolve();
    },
  };
}

describe('taking a backup', () => {
  it('reads the host that is needed least, and says what is in it', async () => {
    const { path, manifest } = await take();
    expect(manifest.parts.map(({ name }) => name)).toEqual(['store', 'secrets', 'state']);
    expect(manifest.parts[0]).toMatchObject({
      host: 'ctl1',
      before: { version: '1', 'content-bytes': '100' },
      stable: { user: 'admin', token: 'first' },
      moving: [],
    });
    expect(openBackup(join(root, 'backups'), 'campus')).toEqual({ path, manifest });
    await checkHashes(path, manifest.parts);
    const text = readdirSync(path)
      .map((name) => readFileSync(join(path, name), 'latin1'))
      .join('');
    expect(text).not.toContain('the-key');
  });

  it('leaves nothing behind when its source breaks off', async () => {
    writeFileSync(at('ctl1', 'broken'), '');
    await expect(take()).rejects.toThrow();
    expect(readdirSync(join(root, 'backups'))).toEqual([]);
  });

  it('takes another host when one is not fit, and none when none is', async () => {
    rmSync(at('ctl1', 'clients'));
    const { tools } = await world();
    expect(await chooseHost(tools, store)).toBe('ctl2');
    for (const host of HOSTS) rmSync(at(host, 'clients'), { force: true });
    await expect(chooseHost(tools, store)).rejects.toThrow(/none of ctl1, ctl2, ctl3/);
  });
});

describe('verifying', () => {
  const verify = async ({ path, manifest }: Awaited<ReturnType<typeof take>>) => {
    const { tools } = await world();
    return verifyBackup(tools, { path, identity, parts: manifest.parts, backups: [store] });
  };

  it('restores into a place of its own, and removes it', async () => {
    const results = await verify(await take());
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['store', true],
      ['secrets', true],
      ['state', true],
    ]);
    expect(results[0]?.detail).toBe('2 tables have the checksums of the backup; 2 tables checked');
    expect(readdirSync(join(root, 'ctl1')).filter((name) => name.startsWith('scratch'))).toEqual([]);
  });

  it('expects no content of what changed meanwhile', async () => {
    writeFileSync(at('ctl1', 'busy'), '');
    const backup = await take();
    expect(backup.manifest.parts[0]?.moving).toEqual(['busy']);
    expect((await verify(backup))[0]).toMatchObject({ ok: true });
  });

  it('fails when a row is not as it was', async () => {
    const backup = await take();
    const [part, ...rest] = backup.manifest.parts;
    if (part === undefined) throw new Error('no part');
    const forged = { ...part, stable: { ...part.stable, user: 'somebody', gone: '1' } };
    const results = await verify({ ...backup, manifest: { ...backup.manifest, parts: [forged, ...rest] } });
    expect(results[0]).toMatchObject({ ok: false, detail: 'gone is missing, user has other content' });
  });
});

describe('restoring', () => {
  const damage = (): void => {
    for (const host of HOSTS) {
      writeFileSync(at(host, 'db/user'), 'nobody');
      rmSync(at(host, 'db/token'), { force: true });
      writeFileSync(at(host, 'log'), '');
    }
  };
  const expectRestored = (): void => {
    expect(readFileSync(at('ctl1', 'db/user'), 'utf8')).toBe('admin');
    expect(readFileSync(at('ctl1', 'db/token'), 'utf8')).toBe('first');
    for (const host of HOSTS) {
      expect(readFileSync(at(host, 'active'), 'utf8')).toBe('keystone.service\n');
      expect(readFileSync(at(host, 'key'), 'utf8')).toBe('the-key\n');
      expect(existsSync(at(host, 'hastack/restore/abcdef'))).toBe(false);
    }
  };

  it('stops what ran, puts it in place, compares, starts what it stopped', async () => {
    const backup = await take();
    damage();
    const { tools } = await world();
    const steps = await restoreBackup(tools, restoring(backup));
    expect(steps.map(({ host, does }) => `${host} ${does}`)).toContain('ctl1 compare the rows with the backup');
    expect(steps.every(({ ok }) => ok)).toBe(true);
    expectRestored();
    expect(finished).toBe(1);
    expect(readFileSync(at('ctl2', 'log'), 'utf8')).toBe('stop keystone.service\nstart keystone.service\n');
  });

  it('stops with the services down when the rows are not those of the backup', async () => {
    const backup = await take();
    damage();
    const { tools } = await world();
    const wanted = restoring(backup);
    const streams = wanted.streams.map((each) => ({ ...each, part: { ...each.part, stable: { user: 'x' } } }));
    await expect(restoreBackup(tools, { ...wanted, streams })).rejects.toThrow(/is not what was backed up/);
    expect(readFileSync(at('ctl1', 'active'), 'utf8')).toBe('');
    expect(finished).toBe(0);
  });

  it('says beforehand what it does, and does only that', async () => {
    const wanted = restoring(await take());
    expect(restoreSteps(wanted).map(({ does }) => does)).toEqual([
      ...HOSTS.map(() => 'stop the services that use the databases'),
      ...HOSTS.map(() => 'keys'),
      'swap',
      'finish',
      ...HOSTS.map(() => 'start the services again'),
    ]);
  });

  it('finishes after a kill at any script', async () => {
    const backup = await take();
    damage();
    const whole = await world();
    await restoreBackup(whole.tools, restoring(backup));
    const scripts = whole.scripts();
    expect(scripts).toBeGreaterThan(15);
    for (let killAt = 1; killAt <= scripts; killAt += 1) {
      for (const host of HOSTS) rmSync(at(host, 'swapped'), { force: true });
      damage();
      const { tools } = await world(killAt);
      await expect(restoreBackup(tools, restoring(backup))).rejects.toThrow(Killed);
      await restoreBackup((await world()).tools, restoring(backup));
      expectRestored();
    }
  }, 120_000);
});
