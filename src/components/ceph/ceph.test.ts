// Where Ceph's daemons go, what its members say of themselves, and that their scripts are ones a shell can read.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { storageCluster } from '../../../test/support/storage-cluster.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { copiesOf, monitorHosts, poolPlans } from './layout.ts';
import { monitorGroup, parseMonitor } from './monitors.ts';
import { OSD_HEALTH, osdGroup, parseOsds } from './osds.ts';
import { capabilitiesOf } from './users.ts';

const cluster = storageCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const ctx = clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) });

describe('layout', () => {
  const onHosts = (hosts: readonly string[], more = {}) =>
    storageCluster({ ceph: { hosts, devices: ['/dev/sdb'], ...more } });

  it('puts monitors on three storage hosts, else on control hosts, else where the spec says', () => {
    expect(monitorHosts(cluster)).toEqual(['sto1', 'sto2', 'sto3']);
    expect(monitorHosts(onHosts(['sto1', 'sto2']))).toEqual(['ctl1', 'ctl2', 'ctl3']);
    expect(monitorHosts(onHosts(['sto1'], { monitors: ['sto1', 'ctl2'] }))).toEqual(['ctl2', 'sto1']);
  });

  it.each([
    [['sto1'], { size: 1, minSize: 1 }],
    [['sto1', 'sto2'], { size: 2, minSize: 2 }],
    [['sto1', 'sto2', 'sto3'], { size: 3, minSize: 2 }],
    [['sto1', 'sto2', 'sto3', 'ctl1'], { size: 3, minSize: 2 }],
  ])('%j: copies', (hosts, copies) => {
    expect(copiesOf(onHosts(hosts))).toEqual(copies);
  });

  it('gives pools powers of two, about a hundred copies of placement groups per OSD', () => {
    const groups = (cluster2: typeof cluster) => poolPlans(cluster2).map((plan) => plan.placementGroups);
    expect(groups(onHosts(['sto1', 'sto2', 'sto3']))).toEqual([32, 16, 16, 16]);
    const devices = Array.from({ length: 12 }, (_unused, index) => `/dev/disk/by-id/d${index}`);
    expect(groups(onHosts(['sto1', 'sto2', 'sto3'], { devices }))).toEqual([256, 256, 128, 128]);
  });
});

describe('users', () => {
  it('may use their pools only', () => {
    const pools = [
      { pool: 'volumes', access: 'write' },
      { pool: 'images', access: 'read' },
    ] as const;
    expect(capabilitiesOf({ pools })).toEqual({
      mon: 'profile rbd',
      osd: 'profile rbd pool=volumes, profile rbd-read-only pool=images',
      mgr: 'profile rbd pool=volumes',
    });
  });
});

describe('what a monitor says of itself', () => {
  it.each([
    [
      'unit active\ntrace\nstatus {"state": "peon", "quorum": [0, 1, 2]}\n',
      { running: true, trace: true, detail: 'active, peon of 3' },
    ],
    [
      'unit active\ntrace\nstatus {"state": "probing", "quorum": []}\n',
      { running: false, trace: true, detail: 'active, probing' },
    ],
    ['unit inactive\nstatus \n', { running: false, trace: false, detail: 'inactive, does not answer' }],
    ['unit failed\ntrace\nstatus \n', { running: false, trace: true }],
  ])('%j', (output, expected) => {
    expect(parseMonitor(output)).toMatchObject(expected);
  });
});

describe('what the OSDs of a host say', () => {
  it.each([
    ['osd 0 active {"state": "active"}\nosd 3 active {"state": "active"}\n', { running: true, detail: '2 of 2 up' }],
    ['osd 0 active {"state": "booting"}\n', { running: false, detail: '0 of 1 up (osd.0 booting)' }],
    ['osd 0 active {"state": "active"}\nosd 3 failed \n', { running: false, detail: '1 of 2 up (osd.3 failed)' }],
    ['', { running: false, trace: false, detail: 'no OSD' }],
  ])('%j', (output, expected) => {
    expect(parseOsds(output)).toMatchObject(expected);
  });
});

describe('scripts', () => {
  const monitors = monitorGroup(ctx);
  const osds = osdGroup(ctx);
  const form = monitors.form?.() ?? [];
  const join = monitors.join?.('sto2') ?? [];
  const texts = [
    monitors.read('sto1').text,
    osds.read('sto1').text,
    OSD_HEALTH,
    ...[...form, ...join, ...(osds.join?.('sto1') ?? []), ...(osds.restart?.('sto1') ?? [])].map(
      (step) => step.script.text,
    ),
    ...[...(osds.drain?.('sto1') ?? []), ...(osds.undrain?.('sto1') ?? [])].map((step) => step.script.text),
  ];

  it('can be read by a shell', () => {
    for (const text of texts) execFileSync('sh', ['-n'], { input: text });
    expect(texts.length).toBeGreaterThan(12);
  });

  it('give every first monitor the same map, and one that joins the map of the others', () => {
    const maps = form.map(({ script }) => /monmaptool .*/.exec(script.text)?.[0]);
    expect(new Set(maps).size).toBe(1);
    expect(maps[0]).toContain("--addv sto1 '[v2:10.10.10.41:3300,v1:10.10.10.41:6789]'");
    expect(join[0]?.script.text).toContain('mon getmap');
    expect(join[0]?.script.text).not.toContain('monmaptool');
  });

  it('name no key on a command line', () => {
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.includes('secret:'));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => !line.startsWith('\tkey = '))).toEqual([]);
  });
});
