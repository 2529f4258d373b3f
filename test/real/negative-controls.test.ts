// The protections removed: the drills must then fail. A drill that passes without what it tests tests nothing.
// Needs root and the lab's packages. One lab for the whole file; the tests follow on each other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillReport, DrillResult } from '../../src/model/drill.ts';
import { Deployment } from './support/deployment.ts';
import { MINUTES } from './support/lab-tools.ts';

const UNPROTECTED = `
config:
  # HAProxy asks the kernel of the host whether Keystone lives, not Keystone.
  haproxy.cfg:
    backend keystone: { option httpchk: false, http-check send: false, http-check expect: false }
  # Nobody takes the VIP from a host whose HAProxy is dead, and nobody starts it again.
  keepalived.conf:
    vrrp_instance public: { track_script: false }
    vrrp_instance internal: { track_script: false }
  /etc/systemd/system/haproxy.service.d/hastack.conf: { Service: { Restart: "no" } }
`;

let cluster: Deployment;

beforeAll(async () => {
  cluster = await Deployment.up('proof-negative', 95);
  await cluster.writeSpec(UNPROTECTED);
  const { code, failures } = await cluster.apply();
  expect([code, failures]).toEqual([0, []]);
}, 10 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

async function drill(name: string): Promise<DrillResult> {
  const { stdout, stderr } = await cluster.cli(['drill', '--lab', '--strict', '--yes', '--json', name]);
  const [result] = (JSON.parse(stdout) as DrillReport).drills;
  if (result === undefined) throw new Error(`no drill was run: ${stderr}`);
  process.stderr.write(`${name}: ${result.verdict}: ${result.reason}\n`);
  return result;
}

const awayOf = (result: DrillResult, probe: string): number =>
  result.probes.find((each) => each.name === probe)?.measuredSeconds ?? Number.NaN;
const failingOf = (result: DrillResult, probe: string): number =>
  result.probes.find((each) => each.name === probe)?.degradedSeconds ?? Number.NaN;

describe('without its protection', () => {
  it(
    'a frozen Keystone shows: users keep meeting it',
    async () => {
      const result = await drill('keystone-frozen');
      expect(['fail', 'inconclusive']).toContain(result.verdict);
      expect(failingOf(result, 'http-get')).toBeGreaterThan(8);
    },
    5 * MINUTES,
  );

  it(
    'a dead HAProxy keeps the VIP: nobody is served until it is started',
    async () => {
      const result = await drill('haproxy-killed');
      expect(['fail', 'inconclusive']).toContain(result.verdict);
      expect(result.serviceRestoredBy).toBe('hastack');
      expect(awayOf(result, 'http-get')).toBeGreaterThan(8);
    },
    5 * MINUTES,
  );
});

describe('with its protection', () => {
  it(
    'the same drills are met by the cluster itself',
    async () => {
      await cluster.writeSpec();
      const { code, failures } = await cluster.apply();
      expect([code, failures]).toEqual([0, []]);
      const frozen = await drill('keystone-frozen');
      expect(failingOf(frozen, 'http-get')).toBeLessThan(6);
      const killed = await drill('haproxy-killed');
      expect(killed.serviceRestoredBy).toBe('redundancy');
      expect(awayOf(killed, 'http-get')).toBeLessThan(3);
    },
    8 * MINUTES,
  );
});
