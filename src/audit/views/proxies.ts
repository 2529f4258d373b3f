// HAProxy's proxies as rules ask for them: sections with what they inherit, servers with their parameters.
import { defaultsOf, linesOf } from '../../formats/haproxy-cfg-read.ts';
import type { HaproxyLine, HaproxyReadSection } from '../../formats/haproxy-cfg-read.ts';
import type { AuditFile, Estate } from '../estate.ts';

export interface Proxy {
  readonly file: AuditFile<'haproxy'>;
  readonly section: HaproxyReadSection;
  readonly name: string;
  readonly defaults: HaproxyReadSection | undefined;
}

export interface Server {
  readonly proxy: Proxy;
  readonly line: HaproxyLine;
  readonly name: string;
  readonly address: string;
  readonly port: number | undefined;
  readonly words: readonly string[];
}

/** Sections that hold servers. */
export function serverProxies(estate: Estate): readonly Proxy[] {
  return proxies(estate, ['backend', 'listen']);
}

export function proxies(estate: Estate, keywords: readonly string[]): readonly Proxy[] {
  return estate
    .of('haproxy')
    .flatMap((file) =>
      file.document.sections
        .filter(({ keyword }) => keywords.includes(keyword))
        .map((section) => ({ file, section, name: section.name ?? '', defaults: defaultsOf(file.document, section) })),
    );
}

/** Lines of the section, or else those of what it inherits. */
export function effective(proxy: Proxy, ...keyword: readonly string[]): readonly HaproxyLine[] {
  const own = linesOf(proxy.section, ...keyword);
  return own.length > 0 || proxy.defaults === undefined ? own : linesOf(proxy.defaults, ...keyword);
}

export function modeOf(proxy: Proxy): 'tcp' | 'http' {
  return effective(proxy, 'mode').at(-1)?.words[1]?.text === 'http' ? 'http' : 'tcp';
}

export function isOn(proxy: Proxy, option: string): boolean {
  const line = effective(proxy, 'option', option).at(-1);
  return line !== undefined && line.modifier === undefined;
}

export function serversOf(proxy: Proxy): readonly Server[] {
  const inherited = effective(proxy, 'default-server').flatMap(({ words }) => words.slice(1).map(({ text }) => text));
  return linesOf(proxy.section, 'server').map((line) => {
    const [, name, target, ...rest] = line.words.map(({ text }) => text);
    const port = /:(\d+)$/.exec(target ?? '')?.[1];
    return {
      proxy,
      line,
      name: name ?? '',
      address: (target ?? '').replace(/:\d+$/, ''),
      port: port === undefined ? undefined : Number(port),
      words: [...inherited, ...rest],
    };
  });
}

export function has(server: Server, word: string): boolean {
  return server.words.includes(word);
}

/** The value of a parameter of a server (`inter 2s`); the last one counts. */
export function parameter(server: Server, name: string): string | undefined {
  const index = server.words.lastIndexOf(name);
  return index < 0 ? undefined : server.words[index + 1];
}

/** A time of HAProxy in milliseconds (the unit without one). */
export function milliseconds(text: string | undefined): number | undefined {
  const match = /^(\d+)(us|ms|s|m|h|d)?$/.exec(text ?? '');
  if (match === null) return undefined;
  const units = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number(match[1]) * units[(match[2] ?? 'ms') as keyof typeof units];
}

export function timeout(proxy: Proxy, name: string): number | undefined {
  return milliseconds(effective(proxy, 'timeout', name).at(-1)?.words[2]?.text);
}

/** What a proxy speaks, from its ports and its name. */
export function serves(proxy: Proxy, ports: readonly number[], name: RegExp): boolean {
  const own = serversOf(proxy).map(({ port }) => port);
  return (
    own.some((port) => port !== undefined && ports.includes(port)) ||
    (own.length > 0 &&
      name.test(proxy.name) &&
      !own.some((port) => port !== undefined && [80, 443, 8080, 15672].includes(port)))
  );
}

export function isGalera(proxy: Proxy): boolean {
  return serves(proxy, [3306], /galera|mysql|mariadb|percona/i);
}

export function isRabbit(proxy: Proxy): boolean {
  return serves(proxy, [5671, 5672], /^(?!.*(?:mgmt|management|console)).*(?:rabbit|amqp)/i);
}
