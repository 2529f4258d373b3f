// A cluster made from a seed: its hosts, addresses, choices among sound texts, and the style in which files are written.
// The same seed gives the same files; a change replaces the text of one option, on one host or on all.
import type { SourceFile } from '../../../sources/source-file.ts';
import { HAPROXY_FILES, HAPROXY_OPTIONS } from './haproxy.ts';
import { KEEPALIVED_FILES, KEEPALIVED_OPTIONS } from './keepalived.ts';
import type { Catalogue, FileTemplate } from './option.ts';
import { PACEMAKER_FILES, PACEMAKER_OPTIONS } from './pacemaker.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';
import { SERVICE_FILES, SERVICE_OPTIONS } from './services.ts';
import { STATE_FILES, STATE_OPTIONS } from './state.ts';

export const OPTIONS: Catalogue = {
  ...HAPROXY_OPTIONS,
  ...KEEPALIVED_OPTIONS,
  ...STATE_OPTIONS,
  ...SERVICE_OPTIONS,
  ...PACEMAKER_OPTIONS,
};
const FILES: readonly FileTemplate[] = [
  ...HAPROXY_FILES,
  ...KEEPALIVED_FILES,
  ...STATE_FILES,
  ...SERVICE_FILES,
  ...PACEMAKER_FILES,
];

const MEMBER = ['control', 'database', 'messaging', 'cache'];
const SHAPES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'three controllers': [0, 1, 2].map(() => [...MEMBER, 'proxy', 'vrrp']),
  'load balancers before three controllers': [MEMBER, MEMBER, MEMBER, ['proxy', 'vrrp'], ['proxy', 'vrrp']],
  'two nodes with DRBD': [['pair'], ['pair']],
};
const LAYOUTS = ['a directory per host', 'Kolla output', 'loose files'] as const;

export interface Site {
  readonly seed: number;
  readonly shape: string;
  readonly layout: (typeof LAYOUTS)[number];
  readonly hosts: readonly { readonly name: string; readonly roles: readonly string[]; readonly address: string }[];
  readonly vip: string;
  readonly indent: string;
  readonly comments: boolean;
  readonly crlf: boolean;
}

/** A text in place of an option's, on one host or on all. */
export interface Change {
  readonly option: string;
  readonly text: string;
  readonly host?: string;
}

export function siteOf(seed: number): Site {
  const random = seeded(`site ${seed}`);
  // Not by chance: a few seeds in a row have every shape in every layout.
  const shape = Object.keys(SHAPES)[seed % 3] ?? '';
  const net = `10.${random.below(200) + 1}.${random.below(200) + 1}`;
  const stem = random.pick(['ctl', 'node-', 'os', 'srv']);
  const first = random.below(60) + 10;
  const hosts = (SHAPES[shape] ?? []).map((roles, index) => ({
    name: `${stem}${index + 1}`,
    roles,
    address: `${net}.${first + index}`,
  }));
  const layout = shape.startsWith('two') ? LAYOUTS[0] : (LAYOUTS[Math.floor(seed / 3) % 3] ?? LAYOUTS[0]);
  const indent = random.pick(['    ', '\t', '  ']);
  return {
    seed,
    shape,
    layout,
    hosts,
    vip: `${net}.250`,
    indent,
    comments: random.below(2) === 0,
    crlf: random.below(10) === 0,
  };
}

/** Options that stand in some file of the site. */
export function optionsOf(site: Site): readonly string[] {
  const texts = templates(site).map(({ template }) => template.text);
  const used = new Set(texts.flatMap((text) => [...text.matchAll(/\{\{([\w.]+)\}\}/g)].map(([, id]) => id ?? '')));
  if (used.has('api.servers')) used.add('api.flags');
  return [...used];
}

/** Hosts that have a file with the option. */
export function hostsWith(site: Site, option: string): readonly string[] {
  const inside = option === 'api.flags' ? 'api.servers' : option;
  const has = templates(site).filter(({ template }) => template.text.includes(`{{${inside}}}`));
  return [...new Set(has.map(({ host }) => host.name))];
}

export function filesOf(site: Site, changes: readonly Change[] = []): readonly SourceFile[] {
  return templates(site).map(({ template, host }) => {
    const path = pathOf(site, template, host.name);
    const text = styled(site, template, filled(site, { template, host, changes }));
    return { path, location: `/site/${path}`, text, mode: template.mode ?? 0o644 };
  });
}

function templates(site: Site) {
  return site.hosts.flatMap((host) =>
    FILES.filter(({ roles, loose }) => {
      return roles.some((role) => host.roles.includes(role)) && (site.layout !== 'loose files' || loose !== undefined);
    }).map((template) => ({ template, host })),
  );
}

function pathOf(site: Site, { path, loose }: FileTemplate, name: string): string {
  if (site.layout === 'loose files') return (loose ?? '').replace('<name>', name);
  const service = /^etc\/(haproxy|keepalived|nova|neutron|glance|cinder)\/(.*)$/.exec(path);
  return site.layout === 'Kolla output' && service !== null
    ? `${name}/etc/kolla/${service[1]}/${service[2]}`
    : `${name}/${path}`;
}

interface Filling {
  readonly template: FileTemplate;
  readonly host: Site['hosts'][number];
  readonly changes: readonly Change[];
}

function filled(site: Site, { template, host, changes }: Filling): string {
  let { text } = template;
  // Options inside the text of options: twice is deep enough.
  for (let depth = 0; depth < 2; depth += 1) {
    text = text.replace(/\{\{([\w.]+)\}\}/g, (_, id: string) => {
      const change = changes.findLast(
        (each) => each.option === id && (each.host === undefined || each.host === host.name),
      );
      return change?.text ?? seeded(`option ${site.seed} ${id}`).pick(OPTIONS[id]?.sound ?? []);
    });
  }
  const words = wordsOf(site, host);
  return text.replace(/<([a-z][a-z0-9-]*)>/g, (word: string, name: string) => words[name] ?? word);
}

function wordsOf(site: Site, host: Site['hosts'][number]): Readonly<Record<string, string>> {
  const short = (address: string) => address.replace(/\.\d+\.(\d+)$/, '.$1');
  const members = site.hosts.filter(({ roles }) => roles.includes('control') || roles.includes('pair'));
  const peers = site.hosts.filter(({ roles, name }) => roles.includes('vrrp') && name !== host.name);
  return {
    me: host.name,
    'my-address': host.address,
    vip: site.vip,
    'vip-short': short(site.vip),
    priority: String(150 - 10 * site.hosts.indexOf(host)),
    peers: peers.map(({ address }) => address).join('\n        '),
    'one-peer': peers[1]?.address ?? '192.0.2.9',
    ...Object.fromEntries(
      members.flatMap(({ address, name }, index) => [
        [`member${index + 1}`, address],
        [`member${index + 1}-short`, short(address)],
        [`name${index + 1}`, name],
      ]),
    ),
  };
}

/** Indentation, comments and line ends as this site has them; lines that an option left empty go. */
function styled(site: Site, template: FileTemplate, text: string): string {
  const random = seeded(`style ${site.seed} ${template.path}`);
  const lines = text.split('\n').filter((line, index, all) => line.trim() !== '' || all[index - 1]?.trim() !== '');
  const written = lines.flatMap((line) => [
    ...comment(site, template, { line, random }),
    line.replace(/^(?: {4})+/, (spaces) => site.indent.repeat(spaces.length / 4)),
  ]);
  // A program that takes no CR at line ends would be another fault.
  return written.join(site.crlf && /\.(?:cnf|ini)$/.test(template.path) ? '\r\n' : '\n');
}

function comment(
  site: Site,
  { path }: FileTemplate,
  { line, random }: { readonly line: string; readonly random: Random },
): readonly string[] {
  if (!site.comments || !/\.(?:cfg|cnf|ini|conf)$/.test(path) || line === '' || random.below(8) !== 0) return [];
  return [random.pick(['# see the wiki', '#', '# changed after the power cut', '# mode http'])];
}
