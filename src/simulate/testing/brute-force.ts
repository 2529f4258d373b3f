// The same questions answered a second way, for tests: straight from the names of what failed, one failure at a time,
// without bits, units, classes or memory. Slow and plain on purpose; shares no code with the evaluator but the types.
import type { Capability } from '../../model/capability.ts';
import type { Cluster, Host } from '../../model/cluster.ts';
import type { FaultKind, FailureRule, PlacedRule } from '../../model/failure.ts';

export interface BruteEffect {
  readonly state: 'unaffected' | 'interrupted' | 'down';
  /** Share of the users that is down. */
  readonly share: number;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export type BruteForce = (failed: readonly string[], capability: Capability) => BruteEffect;

const ALIASES: Record<string, string[]> = { database: ['galera', 'mariadb'], messaging: ['rabbitmq'] };

export function bruteForce(cluster: Cluster, rules: readonly PlacedRule[]): BruteForce {
  const mover = rules.find((rule) => rule.id === 'keepalived' || rule.id === 'vip-mover');
  const proxy = rules.find((rule) => rule.id === 'haproxy');

  function legsFailed(failed: ReadonlySet<string>, kind: string, label: string): boolean {
    const element = kind.startsWith('switch') ? 'switch' : kind;
    return label.split('+').every((leg) => failed.has(`${element}/${leg}`));
  }

  function isDead(host: Host, failed: ReadonlySet<string>): boolean {
    if (failed.has(`host/${host.name}`)) return true;
    return Object.entries(host.domains).some(
      ([kind, label]) => !kind.startsWith('switch') && legsFailed(failed, kind, label),
    );
  }

  /** By its own interface or switches; not by the whole network. */
  function isLinkCut(host: Host, network: string, failed: ReadonlySet<string>): boolean {
    const same = cluster.networks.filter(({ name }) => host.interfaces[name] === host.interfaces[network]);
    if (same.some(({ name }) => failed.has(`nic/${host.name}/${name}`))) return true;
    return Object.entries(host.domains).some(
      ([kind, label]) => (kind === 'switch' || kind === `switch-${network}`) && legsFailed(failed, kind, label),
    );
  }

  function isOff(host: Host, network: string, failed: ReadonlySet<string>): boolean {
    return (
      failed.has(`network/${network}`) || failed.has(`host/${host.name}/isolated`) || isLinkCut(host, network, failed)
    );
  }

  const on = (host: Host, uses: readonly string[] | undefined): string[] =>
    (uses ?? [])
      .flatMap((use) => cluster.uses[use as keyof Cluster['uses']] ?? [])
      .filter((name) => host.interfaces[name] !== undefined);

  function kindsOf(
    host: Host,
    rule: PlacedRule,
    failed: ReadonlySet<string>,
    more: readonly string[] = [],
  ): FaultKind[] {
    const process = rule.id.startsWith('vip/') ? (mover?.id ?? '') : rule.id;
    const used = [...on(host, rule.uses), ...more.filter((name) => host.interfaces[name] !== undefined)];
    const any = on(host, rule.usesAny);
    const kinds: FaultKind[] = [];
    if (failed.has(`process/${host.name}/${process}`)) kinds.push('process-killed');
    if (failed.has(`process/${host.name}/${process}/frozen`)) kinds.push('process-frozen');
    if (isDead(host, failed)) kinds.push('host-power');
    const alone = failed.has(`host/${host.name}/isolated`) && used.length + any.length > 0;
    if (alone || (any.length > 0 && any.every((name) => isOff(host, name, failed)))) kinds.push('host-isolated');
    if (used.some((name) => isLinkCut(host, name, failed))) kinds.push('nic-cut');
    if (used.some((name) => failed.has(`network/${name}`))) kinds.push('network-down');
    const data = rule.dataDisk === true && failed.has(`disk/${host.name}/data`);
    if (failed.has(`disk/${host.name}/system`) || data) kinds.push('disk-failed');
    return kinds;
  }

  const LOOKS: Record<FaultKind, FaultKind[]> = {
    'process-killed': [],
    'process-frozen': [],
    'process-stopped': [],
    'host-power': [],
    'host-isolated': ['host-power'],
    'nic-cut': ['host-isolated', 'host-power'],
    'network-down': ['nic-cut', 'host-isolated', 'host-power'],
    'disk-failed': ['process-frozen', 'host-power'],
  };

  function cost(table: FailureRule['interruption'], kind: FaultKind): [number, number, number] {
    const found = [kind, ...LOOKS[kind]].find((each) => table[each] !== undefined);
    const terms = found === undefined ? [] : (table[found]?.terms ?? []);
    const sum = (bound: 'low' | 'expected' | 'high'): number =>
      terms.reduce((total, term) => total + term.seconds[bound], 0);
    return [sum('low'), sum('expected'), sum('high')];
  }

  function vipRules(): PlacedRule[] {
    if (mover === undefined || mover.hosts.length === 0) return [];
    return cluster.vips.map((vip, index) => {
      const first = index % mover.hosts.length;
      const hosts = [...mover.hosts.slice(first), ...mover.hosts.slice(0, first)];
      return {
        ...mover,
        id: `vip/${vip.name}`,
        hosts,
        needs: { kind: 'at-least', count: 1 },
        serves: 'one',
        capabilities: [],
      };
    });
  }

  const all = [...rules, ...vipRules()];
  const named = (id: string): PlacedRule | undefined => all.find((rule) => rule.id === id);

  function required(rule: PlacedRule): { rule: PlacedRule; reads: boolean }[] {
    const plain = (rule.requires ?? [])
      .filter((id) => !['haproxy', 'keepalived', 'vip-mover'].includes(id))
      .flatMap((id) =>
        (ALIASES[id] ?? [id]).map((actual) => ({
          rule: named(actual),
          reads: (rule.readsOnly ?? []).some((read) => read === id || read === actual),
        })),
      );
    const vip = rule.vip === undefined ? [] : [{ rule: named(`vip/${rule.vip}`), reads: false }];
    return [...plain, ...vip].flatMap((each) =>
      each.rule === undefined ? [] : [{ rule: each.rule, reads: each.reads }],
    );
  }

  /** Everything a capability needs, and whether it only reads from it. */
  function needed(capability: Capability): Map<PlacedRule, boolean> {
    const found = new Map<PlacedRule, boolean>();
    const todo = all.filter((rule) => rule.capabilities?.includes(capability)).map((rule) => ({ rule, reads: false }));
    for (const { rule, reads } of todo) {
      const before = found.get(rule);
      found.set(rule, before === undefined ? reads : before && reads);
      if (before === undefined) todo.push(...required(rule));
    }
    return found;
  }

  interface Verdict {
    share: number;
    lost: number;
    any: [number, number, number];
    reads: [number, number, number];
  }

  const slowest = (a: [number, number, number], b: [number, number, number]): [number, number, number] => [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.max(a[2], b[2]),
  ];

  function judge(rule: PlacedRule, failed: ReadonlySet<string>): Verdict {
    const isVip = rule.id.startsWith('vip/');
    const tracked = isVip ? [...cluster.vips.map((vip) => vip.network), cluster.uses.internal ?? ''] : [];
    const verdict: Verdict = { share: 0, lost: 0, any: [0, 0, 0], reads: [0, 0, 0] };
    const hosts = rule.hosts.flatMap((name) => cluster.hosts.find((host) => host.name === name) ?? []);
    let stranded = 0;
    let unfenced = 0;
    hosts.forEach((host, position) => {
      const kinds = kindsOf(host, rule, failed, tracked);
      const beside = isVip && proxy !== undefined ? kindsOf(host, proxy, failed) : [];
      const lost =
        kinds.some((kind) => !(rule.survives ?? []).includes(kind)) ||
        beside.some((kind) => !(proxy?.survives ?? []).includes(kind));
      if (lost) verdict.lost += 1;
      const out = on(host, rule.strands);
      if (out.some((name) => isStranded(host, name, [...on(host, rule.uses), ...tracked], failed))) stranded += 1;
      if (rule.serves === 'one' && position > 0) return;
      const silent = kinds.some((kind) => ['host-power', 'host-isolated', 'disk-failed'].includes(kind));
      if (lost && silent && rule.fenced === true && !canFence(host, failed)) unfenced += 1;
      for (const kind of kinds) pay(cost(rule.interruption, kind), host);
      for (const kind of beside) pay(cost({ ...rule.watches, ...proxy?.interruption }, kind), host);
    });
    function pay(price: [number, number, number], host: Host): void {
      verdict.any = slowest(verdict.any, price);
      if (rule.writer === undefined || rule.writer === host.name) verdict.reads = slowest(verdict.reads, price);
    }
    const n = hosts.length;
    const need =
      rule.serves === 'own'
        ? 1
        : rule.needs.kind === 'at-least'
          ? rule.needs.count
          : rule.needs.kind === 'all'
            ? Math.max(1, n)
            : Math.floor(n / 2) + 1;
    const shares = [
      unfenced > 0 ? (rule.serves === 'one' ? 1 : unfenced / n) : 0,
      rule.serves === 'own' && n > 0 ? verdict.lost / n : 0,
      stranded > 0 ? stranded / n : 0,
      n - verdict.lost < need ? 1 : 0,
      (rule.externals ?? []).some((name) => failed.has(`external/${name}`)) ? 1 : 0,
    ];
    verdict.share = Math.min(1, Math.max(...shares));
    return verdict;
  }

  function isStranded(host: Host, network: string, noticed: readonly string[], failed: ReadonlySet<string>): boolean {
    const sharesInterface = noticed.some(
      (name) => host.interfaces[name] === host.interfaces[network] && name !== network,
    );
    if (noticed.includes(network)) return false;
    if (failed.has(`network/${network}`)) return true;
    const nics = cluster.networks.filter(({ name }) => host.interfaces[name] === host.interfaces[network]);
    if (!sharesInterface && nics.some(({ name }) => failed.has(`nic/${host.name}/${name}`))) return true;
    return Object.entries(host.domains).some(
      ([kind, label]) =>
        (kind === `switch-${network}` || (kind === 'switch' && noticed.length === 0)) &&
        legsFailed(failed, kind, label),
    );
  }

  function canFence(host: Host, failed: ReadonlySet<string>): boolean {
    if (host.bmc === undefined || failed.has(`external/bmc-${host.name}`)) return false;
    return !Object.entries(host.domains).some(
      ([kind, label]) => !kind.startsWith('switch') && legsFailed(failed, kind, label),
    );
  }

  return (names, capability) => {
    const failed = new Set(names);
    const parts = [...needed(capability)].map(([rule, reads]) => ({ rule, reads, verdict: judge(rule, failed) }));
    const providers = parts.filter(({ rule }) => rule.capabilities?.includes(capability));
    const waits =
      providers.every(({ rule }) => rule.onlyWhenHit === true) && providers.every(({ verdict }) => verdict.lost === 0);
    if (waits) return { state: 'unaffected', share: 0, low: 0, expected: 0, high: 0 };
    const share = Math.min(
      1,
      parts.reduce((sum, { verdict }) => sum + verdict.share, 0),
    );
    const [low, expected, high] = parts.reduce<[number, number, number]>(
      (total, { reads, verdict }) => slowest(total, reads ? verdict.reads : verdict.any),
      [0, 0, 0],
    );
    if (share > 0) return { state: 'down', share: share > 1 - 1e-9 ? 1 : share, low: 0, expected: 0, high: 0 };
    return { state: high > 0 ? 'interrupted' : 'unaffected', share: 0, low, expected, high };
  };
}
