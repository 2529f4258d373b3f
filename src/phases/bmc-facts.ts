// Logs in to every BMC of the spec from here and asks whether the host is on: the proof that power control will work.
// Twins have the lab's password; for real boards it is the secret `bmc/HOST`, with `bmc/HOST/fingerprint` (SHA-256 of
// its certificate) where no known CA signed it. Without a password nothing is tried. IPMI is not spoken yet.
import type { BmcFact } from '../checks/check.ts';
import { HastackError } from '../model/error.ts';
import type { Host } from '../model/cluster.ts';
import { redfishClient } from '../net/redfish.ts';
import { secretsIfThere } from '../store/secrets.ts';
import type { Secrets } from '../store/secrets.ts';
import type { StateDirectory } from '../store/state-directory.ts';
import type { RunInput } from './run.ts';

interface Access {
  readonly password: string;
  readonly fingerprint256?: string;
}

export async function bmcFacts(input: RunInput, state: StateDirectory): Promise<ReadonlyMap<string, BmcFact>> {
  const { cluster, random } = input;
  const hosts = cluster.hosts.filter((host) => host.bmc !== undefined);
  if (hosts.length === 0) return new Map();
  const { secrets: file, identity } = state;
  const needed = input.access?.bmc === undefined;
  const secrets = needed
    ? await secretsIfThere({ secrets: file, identity, recipients: cluster.recipients, random })
    : undefined;
  const facts = hosts.map(async (host) => {
    const access = input.access?.bmc ?? kept(secrets, host.name);
    return [host.name, await logIn(input, host, access)] as const;
  });
  return new Map(await Promise.all(facts));
}

function kept(secrets: Secrets | undefined, host: string): Access | undefined {
  const name = `bmc/${host}`;
  if (secrets?.has(name) !== true) return undefined;
  const pin = `${name}/fingerprint`;
  return { password: secrets.get(name), ...(secrets.has(pin) ? { fingerprint256: secrets.get(pin) } : {}) };
}

async function logIn(input: RunInput, host: Host, access: Access | undefined): Promise<BmcFact> {
  const { bmc, name } = host;
  if (bmc === undefined || bmc.kind !== 'redfish') return { state: 'untried', missing: `a Redfish board on ${name}` };
  if (access === undefined) return { state: 'untried', missing: `the secret bmc/${name} (password of its BMC)` };
  const { address, port, user } = bmc;
  const client = redfishClient({
    host: name,
    url: `https://${address.includes(':') ? `[${address}]` : address}:${port}`,
    user,
    password: access.password,
    trust: access.fingerprint256 === undefined ? {} : { fingerprint256: access.fingerprint256 },
    clock: input.clock,
  });
  try {
    return { state: 'answers', power: await client.powerState(input.signal) };
  } catch (error) {
    if (!(error instanceof HastackError)) throw error;
    return { state: 'fails', message: error.message };
  } finally {
    await client.close();
  }
}
