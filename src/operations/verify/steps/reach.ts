// From outside to the first instance through its floating address; through it to the second one, on its other host;
// from the second one, which has no floating address, out again through the router's SNAT.
import { sh } from '../../../remote/shell.ts';
import { awaitState, need } from '../bench.ts';
import type { Bench } from '../bench.ts';
import { notHere } from '../step.ts';
import type { VerifyStep } from '../step.ts';

/** Emulated processors boot slowly, and several instances share them. */
const BOOT_SECONDS = 240;
const COMMAND_SECONDS = 20;

export const floatingAddressStep: VerifyStep = {
  name: 'floating-address',
  services: ['nova', 'neutron'],
  after: ['instances', 'router'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const { floatingip } = await need(bench, 'user').request<{
      readonly floatingip: { readonly floating_ip_address: string };
    }>('network', {
      method: 'POST',
      path: '/floatingips',
      body: {
        floatingip: {
          floating_network_id: need(bench, 'externalNetworkId'),
          port_id: instance(bench, 0).portId,
          description: bench.name('floating'),
        },
      },
      signal,
    });
    bench.made.floatingAddress = floatingip.floating_ip_address;
    return floatingip.floating_ip_address;
  },
};

export const outsideStep: VerifyStep = {
  name: 'from-outside',
  services: ['nova', 'neutron'],
  after: ['floating-address'],
  deadlineSeconds: BOOT_SECONDS + 30,
  act: async (bench, signal) => {
    const answer = await untilItAnswers(bench, { index: 0, text: 'hostname' }, signal);
    return `ssh with the key of this run; the instance says it is ${answer.trim()}`;
  },
};

export const betweenStep: VerifyStep = {
  name: 'between-instances',
  services: ['nova', 'neutron'],
  after: ['from-outside'],
  deadlineSeconds: BOOT_SECONDS + 60,
  act: async (bench, signal) => {
    const second = instance(bench, 1);
    const first = instance(bench, 0);
    await untilItAnswers(bench, { index: 1, text: 'hostname' }, signal);
    await onInstance(bench, { index: 0, text: sh`ping -c 3 -W 5 ${second.fixedAddress}` }, signal);
    const how = 'ssh through the first, and ping';
    return first.host === second.host ? `${how}; both on ${first.host}` : `${how}, ${first.host} to ${second.host}`;
  },
};

export const outwardStep: VerifyStep = {
  name: 'out-through-snat',
  services: ['nova', 'neutron'],
  after: ['between-instances'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const gateway = bench.made.externalGateway;
    if (gateway === undefined) return notHere('the external network has no gateway to ping');
    await onInstance(bench, { index: 1, text: sh`ping -c 3 -W 5 ${gateway}` }, signal);
    return `an instance without a floating address pings ${gateway}`;
  },
};

interface OnInstance {
  /** 0: the one with the floating address. */
  readonly index: 0 | 1;
  readonly text: string;
  readonly seconds?: number;
}

/** What a command printed; throws with its words when it failed. */
export async function onInstance(bench: Bench, command: OnInstance, signal: AbortSignal): Promise<string> {
  const result = await runOn(bench, command, signal);
  if (result.code === 0) return result.stdout;
  throw new Error(`on the instance: ${command.text}: ${said(result)}`);
}

async function untilItAnswers(bench: Bench, command: OnInstance, signal: AbortSignal): Promise<string> {
  const { stdout } = await awaitState(bench, {
    what: `ssh to ${instance(bench, command.index).name}`,
    seconds: BOOT_SECONDS,
    signal,
    look: async () => runOn(bench, command, signal),
    until: (result) => result.code === 0 || said(result),
  });
  return stdout;
}

async function runOn(bench: Bench, { index, text, seconds }: OnInstance, signal: AbortSignal) {
  const floating = need(bench, 'floatingAddress');
  const user = bench.settings.image?.user ?? 'root';
  const target =
    index === 0 ? { address: floating, user } : { address: instance(bench, 1).fixedAddress, user, through: floating };
  return bench.tools.guests.run(target, {
    text: user === 'root' ? text : sh`sudo -n sh -c ${text}`,
    timeoutSeconds: seconds ?? COMMAND_SECONDS,
    signal,
  });
}

function said({ code, stdout, stderr }: { readonly code: number; readonly stdout: string; readonly stderr: string }) {
  const words = (stderr.trim() || stdout.trim()).split('\n').slice(-2).join(' ');
  return `${words === '' ? 'nothing was said' : words} (${code === 124 ? 'its time was up' : `exit status ${code}`})`;
}

export function instance(bench: Bench, index: 0 | 1) {
  const found = need(bench, 'instances')[index];
  if (found === undefined) throw new Error(`there is no instance ${index + 1}`);
  return found;
}
