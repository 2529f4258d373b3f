// Confirmation over a fresh connection, and scripts that say they are done but are not.
import { expect, test } from 'vitest';
import { fakeClock } from '../lib/fake-clock.ts';
import { FakeTransport } from '../remote/fake.ts';
import type { Script } from '../model/resource.ts';
import { applyCluster } from './apply.ts';
import { checkReachable } from './connect.ts';
import type { AnyKind } from './context.ts';
import { planCluster } from './plan.ts';

interface Host {
  rules: string;
  confirmed: boolean;
}

/** A firewall: `load` cuts new connections when the rules say so. */
async function deploy(rules: string, how: { readonly loads: boolean }) {
  const host: Host = { rules: 'old', confirmed: false };
  const transport = new FakeTransport(new Map([['fw', (script: Script) => answer(script)]]));
  const answer = (script: Script) => {
    const boundary = /^#@ (\S+) 0$/m.exec(script.text)?.[1];
    const count = [...script.text.matchAll(/^#@ /gm)].length;
    let out = '';
    if (script.text.includes('LOAD') && how.loads) {
      host.rules = rules;
      if (rules === 'closed') transport.cut('fw');
    }
    if (script.text === 'CONFIRM') host.confirmed = true;
    for (let index = 0; index < count; index += 1)
      out += `${script.text.includes('READ') ? host.rules : ''}\n${boundary} ${index} 0\n`;
    return { code: 0, stdout: out, stderr: '' };
  };
  const kind: AnyKind = {
    kind: 'rules',
    read: () => ({ text: 'READ' }),
    parse: (output) => [{ known: true, state: output }],
    diff: (desired, reading) =>
      reading.known && reading.state === desired ? undefined : { action: 'update', reason: 'other rules' },
    apply: () => ({ text: 'LOAD' }),
    confirm: () => ({ text: 'CONFIRM' }),
  };
  const context = {
    transport,
    kinds: new Map([['rules', kind]]),
    clock: fakeClock(),
    random: (length: number) => new Uint8Array(length),
    emit: () => undefined,
  };
  const resources = new Map([['fw', [{ id: 'rules:all', kind: 'rules', desired: rules }]]]);
  const desired = {
    hosts: ['fw'],
    lockHosts: ['fw'],
    components: [{ id: 'firewall', title: 'Firewall', after: [], steps: [{ on: 'each' as const, resources }] }],
  };
  const connections = await checkReachable(context, ['fw']);
  const outcome = await applyCluster(context, await planCluster(context, desired, connections), connections);
  return { host, outcome };
}

test('a change is confirmed over a connection opened after it', async () => {
  const { host, outcome } = await deploy('open', { loads: true });
  expect(outcome).toMatchObject({ ok: true, changed: 1 });
  expect(host.confirmed).toBe(true);
});

test('when no new connection comes through, nothing confirms and the run fails', async () => {
  const { host, outcome } = await deploy('closed', { loads: true });
  expect(host.confirmed).toBe(false);
  expect(outcome).toMatchObject({ ok: false, changed: 0, failures: [{ code: 'apply-failed', host: 'fw' }] });
});

test('a script that ends well but changed nothing is a failure', async () => {
  const { outcome } = await deploy('open', { loads: false });
  expect(outcome.failures[0]?.message).toContain('rules:all still differs after the change: other rules');
});
