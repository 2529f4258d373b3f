// Rules about services, promises and options: a spec that breaks each in one way.
import { describe, it } from 'vitest';
import { CTL4, GOOD, expectFound, lineOf } from '../../support/spec-rules.ts';
import type { RuleCase } from '../../support/spec-rules.ts';

const CTL3 = lineOf('ctl3');

const SERVICES: readonly RuleCase[] = [
  {
    rule: 'certificate-without-key',
    why: 'no key',
    edits: [['', 'tls: { public: { certificate: a.crt } }\n']],
    line: 'tls:',
    says: /no key/,
  },
  {
    rule: 'certificate-without-key',
    why: 'no certificate',
    edits: [['', 'tls: { public: { key: a.key } }\n']],
    line: 'tls:',
    says: /no certificate/,
  },
  {
    rule: 'certificate-without-key',
    why: 'no name to certify',
    edits: [
      [', name: cloud.example.org', ''],
      ['', 'tls: { public: { certificate: a.crt, key: a.key } }\n'],
    ],
    line: 'tls:',
    says: /has no name/,
  },
  {
    rule: 'host-service-off',
    why: 'base left out',
    edits: [['  keystone: {', '  base: false\n  keystone: {']],
    line: 'base: false',
    says: /base is on every host/,
  },
  {
    rule: 'host-service-off',
    why: 'firewall moved',
    edits: [['  keystone: {', '  firewall: { hosts: [ctl1] }\n  keystone: {']],
    line: 'firewall:',
    says: /firewall is on every host/,
  },
  {
    rule: 'invalid-recipient',
    why: 'one letter wrong',
    edits: [['aterm]', 'atern]']],
    line: 'recipients:',
    says: /check sum/,
  },
  {
    rule: 'no-recipients',
    why: 'none',
    edits: [[/^recipients:.*$/m.exec(GOOD)?.[0] ?? '', '']],
    line: 'cluster: campus',
    says: /No age recipients/,
  },
  {
    rule: 'not-deployable',
    why: 'a service',
    edits: [['  keystone: {', '  glance: { store: file }\n  keystone: {']],
    line: 'glance:',
    says: /Glance/,
  },
  {
    rule: 'not-deployable',
    why: 'a preset',
    edits: [['release: epoxy', 'release: epoxy\npreset: ceph']],
    line: 'preset: ceph',
    says: /ceph cannot be deployed/,
  },
  {
    rule: 'not-deployable',
    why: 'an engine',
    edits: [['  tiers:', '  engine: pacemaker\n  tiers:']],
    line: 'engine: pacemaker',
    says: /pacemaker/,
  },
  {
    rule: 'promise-not-kept',
    why: 'two of three in one rack',
    edits: [['rack: r2', 'rack: r1']],
    line: 'survives:',
    says: /2 of the 3 members of galera and rabbitmq \(ctl1, ctl2\) are in rack r1/,
  },
  {
    rule: 'promise-not-kept',
    why: 'a host without its rack',
    edits: [['rack: r2, ', '']],
    line: 'survives:',
    says: /no rack is given for ctl2/,
  },
  {
    rule: 'promise-not-kept',
    why: 'a single member',
    edits: [['  keystone: {', '  galera: { hosts: [ctl1] }\n  keystone: {']],
    line: 'survives:',
    says: /only ctl1 runs galera/,
  },
  {
    rule: 'quorum-membership',
    why: 'two members',
    edits: [['  keystone: {', '  galera: { hosts: [ctl1, ctl2] }\n  keystone: {']],
    line: 'galera:',
    says: /Galera has 2 members \(ctl1, ctl2\)/,
  },
  {
    rule: 'quorum-membership',
    why: 'four members',
    edits: [[CTL3, `${CTL3}\n${CTL4}`]],
    line: 'hosts:',
    says: /RabbitMQ has 4 members/,
  },
  {
    rule: 'quorum-membership',
    why: 'one member',
    edits: [['  keystone: {', '  rabbitmq: { hosts: [ctl1] }\n  keystone: {']],
    line: 'rabbitmq:',
    says: /RabbitMQ has 1 member /,
  },
  {
    rule: 'service-without-hosts',
    why: 'no control host',
    edits: [['roles: [control, network]', 'roles: [compute]']],
    line: 'hosts:',
    says: /No host has the role control, so nothing runs galera, rabbitmq/,
  },
  {
    rule: 'single-failure-domain',
    why: 'one power feed',
    edits: [['power: b', 'power: a']],
    line: 'ctl1:',
    says: /share one power \(a\)/,
  },
  {
    rule: 'unknown-config-file',
    why: 'a misspelt file',
    edits: [['  keystone.conf:', '  keytsone.conf:']],
    line: 'keytsone.conf',
    says: /no file named keytsone.conf/,
  },
  {
    rule: 'unknown-config-file',
    why: 'for a host',
    edits: [['  keystone.conf:', '  hosts: { ctl1: { foo.conf: {} } }\n  keystone.conf:']],
    line: 'foo.conf',
    says: /foo.conf/,
  },
  {
    rule: 'unknown-failure',
    why: 'no such domain',
    edits: [['[host, rack]', '[host, row]']],
    line: 'survives:',
    says: /is a row that could fail/,
  },
  {
    rule: 'unknown-reference',
    why: 'a network in vips',
    edits: [['network: data', 'network: dat']],
    line: 'internal:',
    says: /no network named dat\./,
  },
  {
    rule: 'unknown-reference',
    why: 'a network in addresses',
    edits: [['addresses: { management: 10.1.0.12', 'addresses: { storage: 10.5.0.1, management: 10.1.0.12']],
    line: 'ctl2:',
    says: /no network named storage/,
  },
  {
    rule: 'unknown-reference',
    why: 'what every object has',
    edits: [['network: data', 'network: constructor']],
    line: 'internal:',
    says: /no network named constructor/,
  },
  {
    rule: 'unknown-reference',
    why: 'a host in services',
    edits: [['  keystone: {', '  galera: { hosts: [ctl1, ctl2, clt3] }\n  keystone: {']],
    line: 'galera:',
    says: /no host named clt3/,
  },
  {
    rule: 'unknown-reference',
    why: 'a host in config',
    edits: [['  keystone.conf:', '  hosts: { ctl9: { keystone.conf: {} } }\n  keystone.conf:']],
    line: 'ctl9',
    says: /no host named ctl9/,
  },
  {
    rule: 'unknown-reference',
    why: 'a network in uses',
    edits: [['vips:', 'uses: { storage: san }\nvips:']],
    line: 'uses:',
    says: /no network named san/,
  },
  {
    rule: 'unknown-release',
    why: 'too new',
    edits: [['release: epoxy', 'release: gazpacho']],
    line: 'release:',
    says: /gazpacho/,
  },
  {
    rule: 'unknown-tier',
    why: 'misspelt',
    edits: [['identity: critical', 'identity: crtical']],
    line: 'capabilities:',
    says: /no tier named crtical/,
  },
];

describe('rules about services and promises', () => {
  it.each(SERVICES)('$rule: $why', expectFound);
});
