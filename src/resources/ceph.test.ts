// Facts to expected differences and commands, for pools, users and OSDs of Ceph; the shell of the OSD kind runs for
// real on files, where it must never call something empty that is not.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../lib/hash.ts';
import { cephOsd, cephOsdKind } from './ceph-osd.ts';
import { cephKind, cephPool, cephUser } from './ceph.ts';

const pool = cephPool({ name: 'images', size: 3, minSize: 2, placementGroups: 32 }).desired;
const user = cephUser({
  entity: 'client.glance',
  key: 'AQKEY==',
  capabilities: { mon: 'profile rbd', osd: 'profile rbd pool=images' },
}).desired;

function differences(pools: readonly unknown[], users: readonly unknown[]) {
  const output = `state ${JSON.stringify({ pools, users })}\nend\n`;
  const readings = cephKind.parse(output, [pool, user]);
  return [pool, user].map((desired, index) => {
    const reading = readings[index];
    return reading === undefined ? 'not read' : cephKind.diff(desired, reading)?.reason;
  });
}

const IMAGES = { name: 'images', size: 3, minSize: 2, forRbd: true };
const GLANCE = {
  entity: 'client.glance',
  keyHash: sha256Hex('AQKEY=='),
  capabilities: { mon: 'profile rbd', osd: 'profile rbd pool=images' },
};

describe('pools and users', () => {
  it.each([
    { name: 'as desired', pools: [IMAGES], users: [GLANCE], expected: [undefined, undefined] },
    { name: 'missing', pools: [], users: [], expected: ['missing', 'missing'] },
    {
      name: 'a cut-off run and a user that may do too much',
      pools: [{ ...IMAGES, minSize: 1, forRbd: false }],
      users: [{ ...GLANCE, capabilities: { ...GLANCE.capabilities, osd: 'allow *', mds: 'allow *' } }],
      expected: [
        'min_size 1 → 2, not initialised for RBD',
        'mds: allow * → nothing, osd: allow * → profile rbd pool=images',
      ],
    },
    {
      name: 'another key',
      pools: [IMAGES],
      users: [{ ...GLANCE, keyHash: 'x' }],
      expected: [undefined, 'key differs'],
    },
  ])('$name', ({ pools, users, expected }) => {
    expect(differences(pools, users)).toEqual(expected);
  });

  it('is unknown while the monitors do not answer', () => {
    expect(cephKind.parse('', [pool])).toEqual([{ known: false, reason: 'the Ceph monitors do not answer' }]);
  });

  it('reduces what Ceph says to what is compared, without keys', () => {
    const ceph = `ceph() { case "$*" in
*pool*) echo '[{"pool_name":"images","size":3,"min_size":2,"application_metadata":{"rbd":{}}}]' ;;
*auth*) echo '{"auth_dump":[{"entity":"client.glance","key":"AQKEY==","caps":{"mon":"profile rbd","osd":"profile rbd pool=images"}}]}' ;;
esac; }
timeout() { shift; "$@"; }
`;
    const output = execFileSync('sh', { input: ceph + cephKind.read([pool, user]).text, encoding: 'utf8' });
    expect(output).not.toContain('AQKEY');
    const readings = cephKind.parse(output, [pool, user]);
    expect(readings.map((reading, index) => cephKind.diff([pool, user][index] ?? pool, reading))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('writes commands that a shell can read, without a key on a command line', () => {
    for (const desired of [pool, user, { ...pool, size: 1, minSize: 1 }]) {
      const reading = { known: false, reason: 'missing' } as const;
      const { text } = cephKind.apply(desired, reading, { action: 'create', reason: 'missing' });
      execFileSync('sh', ['-n'], { input: text });
      expect(text.split('\n').filter((line) => line.includes('AQKEY') && !line.startsWith('\tkey = '))).toEqual([]);
    }
  });
});

describe('OSDs', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'hastack-osd-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const reasonOf = (path: string, line: string) => {
    const { desired } = cephOsd({ device: path });
    const [reading] = cephOsdKind.parse(`0 ${line}\nend\n`, [desired]);
    return reading === undefined ? 'not read' : cephOsdKind.diff(desired, reading);
  };

  it.each([
    ['osd 3 ready enabled active', undefined],
    ['osd 3 ready disabled inactive', 'osd.3: not enabled at boot, not running'],
    ['osd 3 unfinished disabled inactive', 'an earlier run was cut off while it made osd.3'],
    ['begun', 'an earlier run was cut off while it made an OSD here'],
    ['missing', 'refused, apply stops here: there is no such device'],
    ['used ext4 gpt', 'refused, apply stops here: it is not empty (ext4 gpt) and is left alone'],
    ['osd x ready', 'the device could not be read'],
  ])('%s', (line, expected) => {
    const difference = reasonOf('/dev/sdb', line);
    expect(typeof difference === 'object' ? difference.reason : difference).toBe(expected);
  });

  it('says in the plan that a disk is taken', () => {
    expect(reasonOf('/dev/sdb', 'empty')).toMatchObject({
      action: 'create',
      reason: expect.stringContaining('takes the whole disk'),
    });
  });

  it('takes nothing for empty that is not', () => {
    const path = (name: string) => join(directory, name);
    const make = (name: string, content: string | Uint8Array) => {
      writeFileSync(path(name), content);
      truncateSync(path(name), 2 * 1024 * 1024);
    };
    make('zeros', '');
    make('text', 'somebody needs this');
    make('late', Buffer.concat([Buffer.alloc(900_000), Buffer.from('x')]));
    const ext = Buffer.alloc(4096);
    ext.writeUInt16LE(0xef53, 1080);
    ext.writeUInt32LE(1, 1024 + 76);
    make('superblock', ext);
    const items = ['absent', 'zeros', 'text', 'late', 'superblock'].map(
      (name) => cephOsd({ device: path(name) }).desired,
    );
    const output = execFileSync('sh', { input: cephOsdKind.read(items).text, encoding: 'utf8' });
    const states = cephOsdKind.parse(output, items).map((reading) => (reading.known ? reading.state.kind : 'unknown'));
    expect(states).toEqual(['empty', 'empty', 'used', 'used', 'used']);
  });

  it('writes a script that a shell can read, with no key on a command line', () => {
    const { desired } = cephOsd({ device: '/srv/ceph/osd.img', fileMiB: 8192 });
    const { text } = cephOsdKind.apply(
      desired,
      { known: true, state: { kind: 'empty' } },
      { action: 'create', reason: '' },
    );
    execFileSync('sh', ['-n'], { input: text });
    expect(text).not.toContain('--add-key');
  });

  it('refuses what is no plain path', () => {
    for (const device of ['sdb', '/dev/../etc/passwd', '/dev/sd b', '/']) {
      expect(() => cephOsd({ device })).toThrow('not a path');
    }
  });
});
