// Of every kind: secrets stand in here-documents only, read scripts are the same each time, and both are valid sh.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../model/resource.ts';
import { cephOsd } from './ceph-osd.ts';
import { cephPool, cephUser } from './ceph.ts';
import { file } from './file.ts';
import { hostname } from './hostname.ts';
import { keystoneUser } from './keystone.ts';
import { databaseUser } from './mariadb.ts';
import { nftTable } from './nftables.ts';
import { ovsSettings } from './ovs.ts';
import { packages } from './packages.ts';
import { rabbitUser } from './rabbitmq.ts';
import { resourceKinds } from './registry.ts';
import { runOnce } from './run.ts';
import { sysctlValue } from './sysctl.ts';
import { unit } from './unit.ts';
import { virtType } from './virt-type.ts';

const SECRET = 'the-Secret_42';
const admin = { adminUser: 'hastack', adminPassword: `admin-${SECRET}` };
const auth = {
  url: 'https://10.0.0.10:5000/v3',
  user: 'admin',
  password: `admin-${SECRET}`,
  project: 'admin',
  domain: 'Default',
};

const examples: readonly Resource[] = [
  file({ path: '/etc/x.key', content: SECRET, secret: true }),
  file({ path: '/etc/x.conf', content: `password = ${SECRET}\n`, validate: 'grep -q . "$1"' }),
  packages({ names: ['haproxy'], maskUnits: ['haproxy'] }),
  unit('haproxy'),
  { ...unit('haproxy', { onChange: 'reload' }), desired: { ...unit('haproxy').desired, configHash: 'abc' } },
  sysctlValue('vm.swappiness', '1'),
  runOnce({ name: 'x', stamp: "it's one", unless: 'true', script: `cat <<'E'\n${SECRET}\nE` }),
  hostname('ctl1'),
  databaseUser({ user: 'nova', hosts: ['%'], password: SECRET, requireTls: true, grants: [] }),
  rabbitUser({ admin, user: 'nova', password: SECRET, tags: [], permissions: {} }),
  keystoneUser({ auth, name: 'nova', domain: 'Default', password: SECRET }),
  cephPool({ name: 'images', size: 3, minSize: 2, placementGroups: 32 }),
  cephUser({ entity: 'client.glance', key: SECRET, capabilities: { mon: 'profile rbd' } }),
  cephOsd({ device: '/dev/disk/by-id/a' }),
  cephOsd({ device: '/var/lib/ceph/osd.img', fileMiB: 8192 }),
  ovsSettings('chassis', { 'external_ids:ovn-encap-type': 'geneve', 'external_ids:old': null }),
  virtType({ path: '/etc/nova/hastack-virt-type.conf' }),
  nftTable({ family: 'inet', name: 'hastack', ruleset: 'chain c { }' }),
];

function scripts({ kind: name, desired }: Resource): readonly string[] {
  const kind = resourceKinds.get(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  const reading = { known: false, reason: 'never read' } as const;
  const apply = kind.apply(desired, reading, { action: 'create', reason: 'missing' }).text;
  const confirm = kind.confirm?.(desired).text;
  return [kind.read([desired]).text, apply, ...(confirm === undefined ? [] : [confirm])];
}

/** The script without what commands get on stdin. */
function withoutHereDocuments(script: string): string {
  const kept: string[] = [];
  let delimiters: string[] = [];
  for (const line of script.split('\n')) {
    if (delimiters.length > 0) {
      if (line === delimiters[0]) delimiters = delimiters.slice(1);
      continue;
    }
    kept.push(line);
    delimiters = [...line.matchAll(/<<'?([A-Z_]+)'?/g)].map((match) => match[1] ?? '');
  }
  return kept.join('\n');
}

describe.each(examples.map((example) => [example.id, example] as const))('%s', (_id, example) => {
  it('keeps secrets out of every argv', () => {
    for (const script of scripts(example)) {
      expect(withoutHereDocuments(script)).not.toContain(SECRET);
    }
  });

  it('is valid for the shell, inside the braces and subshell it is run in', () => {
    for (const script of scripts(example)) {
      execFileSync('sh', ['-n'], { input: `{ exec </dev/null\n(\nset -e\n${script}\n) </dev/null\n}\n` });
    }
  });

  it('gives the same scripts each time', () => {
    expect(scripts(example)).toEqual(scripts(example));
  });
});

it('there is an example of every kind', () => {
  expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(resourceKinds.keys()));
});
