// The map of a cluster as an SVG: racks with their hosts, networks by zone, VIPs, and the traffic from outside to an
// instance and between instances. Drawn from the report alone. Every part that can fail carries its element's name,
// so that the page can make it clickable; without the page it is a drawing for documents.
import type { SimulationReport, TopologyHost } from '../model/simulation.ts';

export interface MapOptions {
  /** Colours as custom properties of the page, or fixed for a file of its own. */
  readonly standalone: boolean;
}

const WIDTH = 1040;
const MARGIN = 20;
const ROW = 30;
const HOST_WIDTH = 150;
const HOST_HEIGHT = 46;
const PAD = 10;
/** More hosts of one kind in one rack than this are drawn as one box with their number. */
const DRAWN_ALONE = 6;

export function simulationMap(report: SimulationReport, { standalone }: MapOptions): string {
  const { topology } = report;
  const zones = ['edge', 'underlay', 'overlay'].flatMap((zone) =>
    topology.networks.filter((each) => each.zone === zone),
  );
  const networksTop = 78;
  const racksTop = networksTop + zones.length * ROW + 34;
  const racks = layoutRacks(topology.hosts, racksTop);
  const height = racks.bottom + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="Map of ${escape(report.cluster)}" class="map">`,
    standalone ? `<style>${STANDALONE_STYLE}</style><rect width="${WIDTH}" height="${height}" class="paper"/>` : '',
    users(report),
    ...zones.map((network, index) => networkLine(network, networksTop + index * ROW)),
    traffic(report, networksTop, zones.length),
    ...racks.parts,
    '</svg>',
  ].join('\n');
}

function users({ topology }: SimulationReport): string {
  const vips = topology.vips.map((vip, index) =>
    part({
      id: '',
      label: `VIP ${vip.name}`,
      sub: `${vip.address}, first on ${vip.holders[0] ?? 'nobody'}`,
      x: 260 + index * 190,
      y: 18,
      width: 178,
      height: 40,
      kind: 'vip',
    }),
  );
  const uplink = topology.externals.includes('uplink') ? 'external/uplink' : '';
  return [
    part({
      id: uplink,
      label: 'users',
      sub: 'and the uplink',
      x: MARGIN,
      y: 18,
      width: 120,
      height: 40,
      kind: 'cloud',
    }),
    ...vips,
  ].join('\n');
}

function networkLine(network: SimulationReport['topology']['networks'][number], y: number): string {
  const speed = network.speed >= 1000 ? `${network.speed / 1000}G` : `${network.speed}M`;
  const uses = network.uses.length === 0 ? '' : `: ${network.uses.join(', ')}`;
  const label = `${network.name}  ${network.cidr}  ${speed}  ${network.zone}${uses}`;
  return [
    `<g ${clickable(`network/${network.name}`)} class="el net ${network.zone}">`,
    `<title>network/${escape(network.name)}</title>`,
    `<rect x="${MARGIN}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="20" rx="10"/>`,
    `<text x="${MARGIN + 14}" y="${y + 14}">${escape(label)}</text></g>`,
  ].join('');
}

/** Two dashed lines: in from the edge, and between hosts over the network that carries the tunnels. */
function traffic({ topology, capabilities }: SimulationReport, top: number, count: number): string {
  if (!capabilities.includes('east-west')) return '';
  const tunnel = topology.networks.findIndex((network) => network.uses.includes('tunnel'));
  const bottom = top + count * ROW + 12;
  const right = WIDTH - MARGIN - 30;
  return [
    `<g class="flow" aria-hidden="true"><path d="M ${MARGIN + 60} 58 V ${top - 6} H ${right} V ${bottom}" class="ns"/>`,
    `<text x="${right - 6}" y="${top - 10}" text-anchor="end">north-south</text>`,
    tunnel < 0 ? '' : `<path d="M ${right - 150} ${bottom} V ${bottom - 10} H ${right - 20} V ${bottom}" class="ew"/>`,
    tunnel < 0
      ? ''
      : `<text x="${right - 156}" y="${bottom}" text-anchor="end">east-west over ${escape(topology.networks[tunnel]?.name ?? '')}</text>`,
    '</g>',
  ].join('');
}

interface Layout {
  readonly parts: readonly string[];
  readonly bottom: number;
}

function layoutRacks(hosts: readonly TopologyHost[], top: number): Layout {
  const names = [...new Set(hosts.map((host) => host.domains['rack'] ?? ''))];
  const columns = Math.max(1, Math.floor((WIDTH - 2 * MARGIN + PAD) / (HOST_WIDTH + 3 * PAD)));
  const parts: string[] = [];
  let y = top;
  let tallest = 0;
  names.forEach((rack, index) => {
    const column = index % columns;
    if (column === 0 && index > 0) {
      y += tallest + PAD;
      tallest = 0;
    }
    const boxes = boxesOf(hosts.filter((host) => (host.domains['rack'] ?? '') === rack));
    const height = 28 + boxes.length * (HOST_HEIGHT + 8) + 4;
    tallest = Math.max(tallest, height);
    parts.push(rackBox(rack, boxes, { x: MARGIN + column * (HOST_WIDTH + 3 * PAD), y, height }));
  });
  return { parts, bottom: y + tallest };
}

interface Box {
  readonly host: TopologyHost;
  readonly count: number;
}

/** Every host, or one box for many alike. */
function boxesOf(hosts: readonly TopologyHost[]): readonly Box[] {
  const byRoles = new Map<string, TopologyHost[]>();
  for (const host of hosts) {
    const roles = host.roles.join();
    byRoles.set(roles, [...(byRoles.get(roles) ?? []), host]);
  }
  return [...byRoles.values()].flatMap((alike) => {
    const [first] = alike;
    if (first !== undefined && alike.length > DRAWN_ALONE) return [{ host: first, count: alike.length }];
    return alike.map((host) => ({ host, count: 1 }));
  });
}

function rackBox(
  rack: string,
  boxes: readonly Box[],
  { x, y, height }: { readonly x: number; readonly y: number; readonly height: number },
): string {
  const id = rack === '' ? '' : `rack/${rack}`;
  const width = HOST_WIDTH + 2 * PAD;
  const inside = boxes.map(({ host, count }, index) =>
    part({
      id: `host/${host.name}`,
      label: count > 1 ? `${count} hosts like ${host.name}` : host.name,
      sub: [
        host.roles.join(', '),
        ...Object.entries(host.domains).flatMap(([kind, name]) => (kind === 'rack' ? [] : `${kind} ${name}`)),
      ].join(' · '),
      x: x + PAD,
      y: y + 26 + index * (HOST_HEIGHT + 8),
      width: HOST_WIDTH,
      height: HOST_HEIGHT,
      kind: host.roles.includes('control') ? 'control' : (host.roles[0] ?? 'host'),
      domains: Object.entries(host.domains).map(([kind, name]) => `${kind}/${name}`),
    }),
  );
  return [
    `<g class="rack"><g ${clickable(id)} class="el rackname"><title>${escape(id)}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text x="${x + PAD}" y="${y + 18}">${escape(rack === '' ? 'no rack given' : `rack ${rack}`)}</text></g>`,
    ...inside,
    '</g>',
  ].join('\n');
}

interface Part {
  readonly id: string;
  readonly label: string;
  readonly sub: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: string;
  /** What it is lost with: `rack/r1`. */
  readonly domains?: readonly string[];
}

function part({ id, label, sub, x, y, width, height, kind, domains = [] }: Part): string {
  const most = Math.floor((width - 20) / 5.6);
  const short = sub.length > most ? `${sub.slice(0, most - 1)}…` : sub;
  return [
    `<g ${clickable(id)}${domains.length === 0 ? '' : ` data-domains="${escape(domains.join(' '))}"`} class="el box ${kind}"><title>${escape(id === '' ? label : id)}: ${escape(sub)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text x="${x + 10}" y="${y + 18}" class="label">${escape(label)}</text>`,
    `<text x="${x + 10}" y="${y + 33}" class="sub">${escape(short)}</text></g>`,
  ].join('');
}

function clickable(id: string): string {
  return id === '' ? '' : `data-element="${escape(id)}"`;
}

export function escape(text: string | number): string {
  return String(text).replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Shared by the drawing and the page, which sets the variables for light and dark. */
export const MAP_STYLE = `
.map text { font:12px system-ui, "Segoe UI", "Noto Sans", sans-serif; fill:var(--ink); } .map .label { font-weight:650; } .map .sub { font-size:10.5px; fill:var(--soft); }
.map .box rect { fill:var(--card); stroke:var(--line); } .map .control rect { stroke:var(--blue); stroke-width:1.6; } .map .compute rect { fill:var(--lane); } .map .vip rect { fill:var(--vip); stroke:none; }
.map .cloud rect { fill:var(--lane); } .map .net rect { fill:var(--net); } .map .edge rect { fill:var(--edge); } .map .overlay rect { fill:var(--vip); } .map .rackname rect { fill:none; pointer-events:all; stroke:var(--line); stroke-dasharray:3 3; }
.map .flow path { fill:none; stroke-width:1.6; stroke-dasharray:5 4; } .map .flow .ns { stroke:var(--warn); } .map .flow .ew { stroke:var(--blue); } .map .flow text { font-size:10.5px; fill:var(--soft); }
`;

export const LIGHT =
  '--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5a6675;--line:#cfd6de;--lane:#f1f4f7;--blue:#2f6db5;--vip:#e3edf9;--net:#e8ecf1;--edge:#fdf0d3;--warn:#8a5a00';

const STANDALONE_STYLE = `:root{${LIGHT}}.paper{fill:#fff}${MAP_STYLE}`;
