// A spec that breaks no rule, and the run of one edit of it that breaks one: for the tests of the rules.
import { expect } from 'vitest';
import { checkSpec } from '../../src/spec/check.ts';

export const GOOD = `cluster: campus
release: epoxy
networks:
  management: { cidr: 10.1.0.0/24, interface: eno1, gateway: 10.1.0.1 }
  data: { cidr: 10.2.0.0/24, interface: eno2 }
  external: { cidr: 203.0.113.0/24, zone: edge, interface: eno3, floating: 203.0.113.100-203.0.113.199 }
vips:
  public: { network: management, address: 10.1.0.10, name: cloud.example.org }
  internal: { network: data, address: 10.2.0.10 }
hosts:
  ctl1: { roles: [control, network], domains: { rack: r1, power: a }, addresses: { management: 10.1.0.11, data: 10.2.0.11 }, bmc: { kind: redfish, address: 10.9.0.11 } }
  ctl2: { roles: [control, network], domains: { rack: r2, power: b }, addresses: { management: 10.1.0.12, data: 10.2.0.12 }, bmc: { kind: redfish, address: 10.9.0.12 } }
  ctl3: { roles: [control, network], domains: { rack: r3, power: a }, addresses: { management: 10.1.0.13, data: 10.2.0.13 }, bmc: { kind: redfish, address: 10.9.0.13 } }
availability:
  tiers:
    critical: { survives: [host, rack], within: 5s }
  capabilities: { identity: critical }
services:
  keystone: { mode: active-active }
config:
  keystone.conf: { token: { expiration: 7200 } }
recipients: [age18tv30y2jm94r42h5365y98rwljku8w0fz6rzdvwtgt2x9z7vx57qdaterm]
`;

export interface RuleCase {
  readonly rule: string;
  readonly why: string;
  /** [what stands in GOOD, what is written instead]; '' for the first appends. */
  readonly edits: readonly (readonly [string, string])[];
  /** The line the finding points at contains this. */
  readonly line: string;
  readonly says: RegExp;
}

/** The rule is found once, where it should be, and says why it matters and what to do. */
export function expectFound(test: RuleCase): void {
  const text = edited(test);
  const { findings, cluster } = checkSpec(text, 'bad.yaml');
  expect(cluster).toBeDefined();
  const found = findings.filter((finding) => finding.rule === `spec.${test.rule}` && test.says.test(finding.message));
  expect(found, findings.map(({ rule, message }) => `${rule}: ${message}`).join('\n')).toHaveLength(1);
  for (const { at, remediation, impact, source } of found) {
    expect(text.split('\n')[(at.line ?? 0) - 1]).toContain(test.line);
    expect(Math.min(remediation.length, impact.length, source.length)).toBeGreaterThan(5);
  }
}

export function lineOf(host: string): string {
  return new RegExp(`^  ${host}:.*$`, 'm').exec(GOOD)?.[0] ?? '';
}

export const CTL4 =
  '  ctl4: { roles: [control], domains: { rack: r4, power: b }, addresses: { management: 10.1.0.14, data: 10.2.0.14 } }';

function edited({ edits }: RuleCase): string {
  return edits.reduce((text, [from, to]) => {
    if (from === '') return text + to;
    expect(text).toContain(from);
    return from.startsWith('roles:') ? text.replaceAll(from, to) : text.replace(from, to);
  }, GOOD);
}
