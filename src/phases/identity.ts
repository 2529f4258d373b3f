// The cluster's identity: every secret and certificate the components ask for, made at first use and kept
// (encrypted) ever after. A certificate is made anew when its names changed, when another CA signed it, or when
// it has less than RENEW_DAYS to live.
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { CertificateContribution, Contributed, SecretContribution } from '../model/component.ts';
import { RENEW_DAYS, createCa, issueLeaf, leafFacts } from '../lib/x509.ts';
import type { LeafRequest, PemPair } from '../lib/x509.ts';
import { contributionsOf } from './context.ts';
import type { Deployed, Identity } from './context.ts';

const DAY_MS = 86_400_000;

/** What identity needs of the secret store (store/secrets.ts). */
export interface SecretKeeper {
  /** All values by name, decrypted. */
  all(): ReadonlyMap<string, string>;
  generate(kind: SecretContribution['kind']): string;
  /** Adds and replaces values, durably, before it resolves. */
  put(values: ReadonlyMap<string, string>): Promise<void>;
}

export interface UserCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface IdentityInput {
  readonly cluster: Cluster;
  readonly deployed: readonly Deployed[];
  readonly keeper: SecretKeeper;
  readonly clock: Clock;
  /** The user's own certificate for the public VIP. */
  readonly publicCertificate?: UserCertificate;
}

export async function ensureIdentity(input: IdentityInput): Promise<Identity> {
  const secrets = await ensureSecrets(input);
  const ca = await ensureCa(input);
  const certificates = await ensureCertificates(input, ca);
  return { secrets, certificates, caCertificate: ca.certificate };
}

async function ensureSecrets({ cluster, deployed, keeper }: IdentityInput): Promise<ReadonlyMap<string, string>> {
  const wanted = contributionsOf('secret', cluster, deployed);
  const missing = new Map(
    wanted.filter((each) => !keeper.all().has(each.name)).map((each) => [each.name, keeper.generate(each.kind)]),
  );
  if (missing.size > 0) await keeper.put(missing);
  return keeper.all();
}

async function ensureCa({ cluster, keeper, clock }: IdentityInput): Promise<PemPair> {
  const certificate = keeper.all().get('ca/certificate');
  const key = keeper.all().get('ca/key');
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  const made = await createCa(`${cluster.name} internal CA`, clock.now());
  await keeper.put(
    new Map([
      ['ca/certificate', made.certificate],
      ['ca/key', made.key],
    ]),
  );
  return made;
}

async function ensureCertificates(input: IdentityInput, ca: PemPair): Promise<Identity['certificates']> {
  const { cluster, deployed, keeper } = input;
  const result = new Map<string, PemPair>();
  const made = new Map<string, string>();
  for (const wanted of contributionsOf('certificate', cluster, deployed)) {
    for (const host of wanted.hosts) {
      const pair = await ensureLeaf(input, ca, { wanted, host, made });
      result.set(`${host}/${wanted.name}`, pair);
    }
  }
  if (made.size > 0) await keeper.put(made);
  return result;
}

interface Leaf {
  readonly wanted: Contributed<CertificateContribution>;
  readonly host: string;
  readonly made: Map<string, string>;
}

async function ensureLeaf(input: IdentityInput, ca: PemPair, { wanted, host, made }: Leaf): Promise<PemPair> {
  if (wanted.name === 'haproxy-public' && input.publicCertificate !== undefined) return input.publicCertificate;
  const request = leafRequest(input.cluster, wanted, host);
  const name = `certificate/${host}/${wanted.name}`;
  const certificate = input.keeper.all().get(name);
  const key = input.keeper.all().get(`${name}/key`);
  if (certificate !== undefined && key !== undefined && isGood({ certificate, key }, request, input))
    return { certificate, key };
  const fresh = await issueLeaf(ca, request, input.clock.now());
  made.set(name, fresh.certificate);
  made.set(`${name}/key`, fresh.key);
  return fresh;
}

function leafRequest(cluster: Cluster, wanted: CertificateContribution, hostName: string): LeafRequest {
  const host = cluster.hosts.find((each) => each.name === hostName);
  const networks = wanted.uses.flatMap((use) => cluster.uses[use] ?? []);
  const vips = cluster.vips.filter((vip) => wanted.vips?.includes(vip.name) === true);
  return {
    commonName: hostName,
    dnsNames: [...(wanted.uses.length > 0 ? [hostName] : []), ...vips.flatMap((vip) => vip.dnsName ?? [])],
    addresses: [
      ...new Set([...networks.flatMap((network) => host?.addresses[network] ?? []), ...vips.map((vip) => vip.address)]),
    ],
  };
}

function isGood(pair: PemPair, request: LeafRequest, { cluster, clock }: IdentityInput): boolean {
  const facts = leafFacts(pair.certificate);
  return (
    facts.issuer === `CN=${cluster.name} internal CA` &&
    sameSet(facts.dnsNames, request.dnsNames) &&
    sameSet(facts.addresses, request.addresses) &&
    facts.notAfter - clock.now() > RENEW_DAYS * DAY_MS
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
