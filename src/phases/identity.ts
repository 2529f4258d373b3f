// The cluster's identity: every secret and certificate the components ask for, made at first use and kept
// (encrypted) ever after. A certificate is made anew when its names changed, when another CA signed it, or when
// it has less than RENEW_DAYS to live.
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { CertificateContribution, Contributed, SecretContribution } from '../model/component.ts';
import { leafFacts } from '../lib/certificate-facts.ts';
import type { LeafRequest, PemPair } from '../lib/x509.ts';
import { contributionsOf } from './context.ts';
import type { Deployed, Identity } from './context.ts';

const DAY_MS = 86_400_000;
/** A certificate that ends before this is made anew. */
const RENEW_DAYS = 90;

/** What identity needs of the secret store (store/secrets.ts); every write is durable when it returns. */
export interface SecretKeeper {
  get(name: string): string;
  has(name: string): boolean;
  names(): readonly string[];
  ensure(wanted: readonly SecretContribution[]): readonly string[];
  set(name: string, value: string): void;
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
  const { cluster, deployed, keeper } = input;
  const wanted = contributionsOf('secret', cluster, deployed);
  keeper.ensure(wanted);
  const secrets = new Map(wanted.map(({ name }) => [name, keeper.get(name)]));
  const ca = await ensureCa(input);
  return { secrets, certificates: await ensureCertificates(input, ca), caCertificate: ca.certificate };
}

async function ensureCa({ cluster, keeper, clock }: IdentityInput): Promise<PemPair> {
  if (keeper.has('ca/certificate')) return { certificate: keeper.get('ca/certificate'), key: keeper.get('ca/key') };
  const { createCa } = await import('../lib/x509.ts');
  const made = await createCa(`${cluster.name} internal CA`, clock.now());
  // The key first: a run killed in between makes another pair, and no certificate without a key is ever used.
  keeper.set('ca/key', made.key);
  keeper.set('ca/certificate', made.certificate);
  return made;
}

async function ensureCertificates(input: IdentityInput, ca: PemPair): Promise<Identity['certificates']> {
  const result = new Map<string, PemPair>();
  for (const wanted of contributionsOf('certificate', input.cluster, input.deployed)) {
    for (const host of wanted.hosts) {
      // One after another: each is written before the next is made.
      // oxlint-disable-next-line no-await-in-loop
      result.set(`${host}/${wanted.name}`, await ensureLeaf(input, ca, { wanted, host }));
    }
  }
  return result;
}

interface Leaf {
  readonly wanted: Contributed<CertificateContribution>;
  readonly host: string;
}

async function ensureLeaf(input: IdentityInput, ca: PemPair, { wanted, host }: Leaf): Promise<PemPair> {
  if (wanted.name === 'haproxy-public' && input.publicCertificate !== undefined) return input.publicCertificate;
  const request = leafRequest(input.cluster, wanted, host);
  const name = `certificate/${host}/${wanted.name}`;
  const kept = keptPair(input.keeper, name);
  if (kept !== undefined && isGood(kept, request, input)) return kept;
  const { issueLeaf } = await import('../lib/x509.ts');
  const fresh = await issueLeaf(ca, request, input.clock.now());
  // One value, so that a kill cannot part a certificate from its key.
  input.keeper.set(name, fresh.certificate + fresh.key);
  return fresh;
}

function keptPair(keeper: SecretKeeper, name: string): PemPair | undefined {
  if (!keeper.has(name)) return undefined;
  const text = keeper.get(name);
  const at = text.indexOf('-----BEGIN PRIVATE KEY-----');
  return { certificate: text.slice(0, at), key: text.slice(at) };
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
