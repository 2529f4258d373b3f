// The nftables text of a lab's partitions and losses: one table of the bridge family, replaced as a whole and
// atomically. forward: between twins; input and output: between twins and the operator. Pure.
// Manual: nft(8), bridge family; `numgen random`.
import { type ActiveFault, type Fault, OUTSIDE } from './fault-state.ts';
import { type Topology, nicOf } from './topology.ts';

const FAULT_TABLE = 'hastack_faults';

interface Rule {
  readonly chain: 'forward' | 'input' | 'output';
  readonly text: string;
}

export function faultRules(faults: readonly ActiveFault[], topology: Topology): string {
  const rules = faults.flatMap(({ fault }) => rulesOf(fault, topology));
  const chains = (['forward', 'input', 'output'] as const).flatMap((chain) => {
    const own = rules.filter((rule) => rule.chain === chain).map((rule) => `    ${rule.text}`);
    return own.length === 0
      ? []
      : [`  chain on_${chain} {`, `    type filter hook ${chain} priority 0; policy accept;`, ...own, '  }'];
  });
  // Adding before deleting makes the deletion work whether the table was there or not.
  const cleared = [`table bridge ${FAULT_TABLE} {}`, `delete table bridge ${FAULT_TABLE}`];
  return [...cleared, ...(chains.length === 0 ? [] : [`table bridge ${FAULT_TABLE} {`, ...chains, '}']), ''].join('\n');
}

function rulesOf(fault: Fault, topology: Topology): readonly Rule[] {
  if (fault.kind === 'partition') {
    const there = dropRules(topology, fault, { from: fault.from, to: fault.to });
    return fault.oneWay ? there : [...there, ...dropRules(topology, fault, { from: fault.to, to: fault.from })];
  }
  if (fault.kind === 'loss') {
    const { link } = nicOf(topology, fault.host, fault.network);
    const lossy = `numgen random mod 10000 < ${Math.round(fault.percent * 100)} drop`;
    return [
      { chain: 'forward', text: `iifname "${link}" ${lossy}` },
      { chain: 'forward', text: `oifname "${link}" ${lossy}` },
      { chain: 'input', text: `iifname "${link}" ${lossy}` },
      { chain: 'output', text: `oifname "${link}" ${lossy}` },
    ];
  }
  return []; // a cut is a link that is down
}

function dropRules(
  topology: Topology,
  fault: { readonly network?: string },
  sides: { from: readonly string[]; to: readonly string[] },
): readonly Rule[] {
  const from = linkSet(topology, sides.from, fault.network);
  const to = linkSet(topology, sides.to, fault.network);
  return [
    ...(from === undefined || to === undefined
      ? []
      : [{ chain: 'forward' as const, text: `iifname ${from} oifname ${to} drop` }]),
    ...(from !== undefined && sides.to.includes(OUTSIDE)
      ? [{ chain: 'input' as const, text: `iifname ${from} drop` }]
      : []),
    ...(to !== undefined && sides.from.includes(OUTSIDE)
      ? [{ chain: 'output' as const, text: `oifname ${to} drop` }]
      : []),
  ];
}

function linkSet(topology: Topology, hosts: readonly string[], network: string | undefined): string | undefined {
  const links = topology.nics
    .filter((nic) => hosts.includes(nic.host) && (network === undefined || nic.networks.includes(network)))
    .map((nic) => `"${nic.link}"`);
  return links.length === 0 ? undefined : `{ ${links.join(', ')} }`;
}
