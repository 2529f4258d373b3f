// What a check of hosts is: facts in, findings out, nothing else. Each check is one file with a default export and
// looks at one thing; it never throws and never reads a host itself. What it cannot decide it says, with what lacks.
import type { FactTypes, HostFacts } from '../facts/host-facts.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import type { Severity } from '../model/finding.ts';
import type { Reading } from '../model/resource.ts';

/** A port that a component will open on a host. */
export interface WantedPort {
  readonly component: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Address it will be bound to. */
  readonly address: string;
}

/** What the components that will run on a host need of it. */
export interface HostNeeds {
  readonly ports: readonly WantedPort[];
  /** Units of these components: what they listen on is ours already. */
  readonly units: readonly string[];
  readonly memoryMiB: number;
  readonly diskMiB: number;
}

/** How the log-in to a BMC went. */
export type BmcFact =
  | { readonly state: 'answers'; readonly power: string }
  | { readonly state: 'fails'; readonly message: string }
  | { readonly state: 'untried'; readonly missing: string };

export interface CheckInput {
  readonly cluster: Cluster;
  /** Of the hosts that answered. */
  readonly facts: ReadonlyMap<string, HostFacts>;
  /** Why the others did not, and what to do. */
  readonly unreachable: ReadonlyMap<string, { readonly message: string; readonly hint: string }>;
  readonly needs: ReadonlyMap<string, HostNeeds>;
  /** Of the hosts that have one. */
  readonly bmcs: ReadonlyMap<string, BmcFact>;
}

export interface HostHit {
  /** The place in the spec it is about. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remediation: string;
  readonly host?: string;
  readonly severity?: Severity;
  readonly impact?: string;
}

/** A finding, or what was missing to decide. */
export type Outcome = HostHit | { readonly missing: string };

export interface HostCheck {
  readonly id: `host.${string}`;
  readonly severity: Severity;
  readonly impact: string;
  readonly source: string;
  readonly check: (input: CheckInput) => readonly Outcome[];
}

/** Checks the shape where a check is declared. */
export function hostCheck(check: HostCheck): HostCheck {
  return check;
}

/** Asks for one fact of every host that answered; what could not be read is undecided there. */
export function onEachHost<K extends keyof FactTypes>(
  input: CheckInput,
  fact: K,
  judge: (host: Host, state: FactTypes[K]) => readonly Outcome[],
): readonly Outcome[] {
  return input.cluster.hosts.flatMap((host) => {
    const reading: Reading<FactTypes[K]> | undefined = input.facts.get(host.name)?.[fact];
    if (reading === undefined) return [];
    return reading.known ? judge(host, reading.state) : [{ missing: `${fact} of ${host.name} (${reading.reason})` }];
  });
}

/** The fact of one host where it is known. */
export function factOf<K extends keyof FactTypes>(input: CheckInput, host: string, fact: K): FactTypes[K] | undefined {
  const reading: Reading<FactTypes[K]> | undefined = input.facts.get(host)?.[fact];
  return reading?.known === true ? reading.state : undefined;
}
