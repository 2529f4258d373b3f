// Everything that was found, as rules ask for it: files by kind, options by name, per host and over all hosts.
//
// Built once from the sources; pure afterwards. Options that several files set are merged as their program merges them
// (the last one wins). Versions come from dpkg's status file or from what the user assumes.
import type { Option, Problem, SectionedDocument } from '../formats/document.ts';
import { mariadbName } from '../formats/overrides.ts';
import type { SourceFile, SourceLink } from '../sources/source-file.ts';
import { hostsOf, nameInHost } from '../sources/hosts-of.ts';
import { READERS, kindOf } from './documents.ts';
import type { DocumentOf, Kind } from './documents.ts';

export interface AuditFile<K extends Kind = Kind> {
  readonly kind: K;
  readonly path: string;
  /** The path inside its host: `etc/nova/nova.conf`. */
  readonly name: string;
  readonly host: string | undefined;
  readonly text: string;
  readonly mode: number;
  readonly document: DocumentOf<K>;
  readonly problems: readonly Problem[];
}

export interface Placed<K extends Kind = Kind> {
  readonly file: AuditFile<K>;
  readonly option: Option;
}

/** Products whose version decides about rules. */
export type Product = 'rabbitmq' | 'keepalived' | 'haproxy' | 'mariadb' | 'pacemaker';

const SERVER_GROUP = /^(?:server|mysqld|mariadb|mariadbd|galera|mysqld[_-]safe|(?:mysqld|mariadbd?)-\d[\d.]*)$/;

export class HostFacts {
  readonly name: string | undefined;
  readonly files: readonly AuditFile[];

  constructor(name: string | undefined, files: readonly AuditFile[]) {
    this.name = name;
    this.files = files;
  }

  of<K extends Kind>(kind: K): readonly AuditFile<K>[] {
    return this.files.filter((file): file is AuditFile & AuditFile<K> => file.kind === kind);
  }

  /** The option of the MariaDB server that counts, over all option files. */
  mycnf(key: string): Placed<'mycnf'> | undefined {
    return this.mycnfAll(key).at(-1);
  }

  mycnfAll(key: string): readonly Placed<'mycnf'>[] {
    const files = this.of('mycnf').toSorted((a, b) => mycnfOrder(a) - mycnfOrder(b) || (a.path < b.path ? -1 : 1));
    return files.flatMap((file) =>
      file.document.sections
        .filter((section) => SERVER_GROUP.test(section.name))
        .flatMap(({ options }) => options)
        .filter((option) => mariadbName(option.key) === mariadbName(key))
        .map((option) => ({ file, option })),
    );
  }

  /** The value of a kernel setting that counts: the file that comes last by its name. */
  sysctl(key: string): Placed<'sysctl'> | undefined {
    const files = this.of('sysctl').toSorted((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1));
    return files
      .flatMap((file) => file.document.options.map((option) => ({ file, option })))
      .findLast(({ option }) => option.key.replaceAll('/', '.') === key);
  }
}

export interface EstateInput {
  readonly files: readonly SourceFile[];
  readonly links?: readonly SourceLink[];
  /** `rabbitmq` → `4.0`: wins over what the files say. */
  readonly assumed?: Readonly<Record<string, string>>;
}

export class Estate {
  readonly files: readonly AuditFile[];
  readonly hosts: readonly HostFacts[];
  readonly links: readonly (SourceLink & { readonly host: string | undefined })[];
  readonly #assumed: Readonly<Record<string, string>>;

  constructor({ files, links = [], assumed = {} }: EstateInput) {
    const hosts = hostsOf([...files, ...links].map(({ location }) => location));
    this.files = files.flatMap((file, index) => auditFile(file, hosts[index]) ?? []);
    this.links = links.map((link, index) => ({ ...link, host: hosts[files.length + index] }));
    const names = [...new Set(this.files.map(({ host }) => host))];
    this.hosts = names.map(
      (name) =>
        new HostFacts(
          name,
          this.files.filter(({ host }) => host === name),
        ),
    );
    this.#assumed = assumed;
  }

  of<K extends Kind>(kind: K): readonly AuditFile<K>[] {
    return this.files.filter((file): file is AuditFile & AuditFile<K> => file.kind === kind);
  }

  /** Ini files of a service: `nova` finds nova.conf, also in /etc/kolla/nova-api. */
  oslo(service: string): readonly AuditFile<'oslo'>[] {
    return this.of('oslo').filter((file) => serviceOf(file) === service);
  }

  /** True or false when the version is known: `below('rabbitmq', '4.3')`. */
  below(product: Product, version: string): boolean | undefined {
    const known = this.#assumed[product] ?? this.#packageVersion(product);
    return known === undefined ? undefined : compareVersions(known, version) < 0;
  }

  #packageVersion(product: Product): string | undefined {
    const name = { rabbitmq: 'rabbitmq-server', mariadb: 'mariadb-server' }[product as string] ?? product;
    for (const { text } of this.of('packages')) {
      const start = `\n${text}`.indexOf(`\nPackage: ${name}\n`);
      const version = start < 0 ? undefined : /^Version: (?:\d+:)?([\d.]+)/m.exec(text.slice(start))?.[1];
      if (version !== undefined) return version;
    }
    return undefined;
  }
}

/** `nova` for etc/nova/nova.conf and nova-ctl1.conf, `ml2_conf` for ml2_conf.ini. */
function serviceOf(file: AuditFile): string {
  return /([a-z][a-z0-9_]*)[^/]*\.[a-z.]+$/.exec(file.path)?.[0].split(/[-.]/)[0] ?? '';
}

/** The option of an ini file that counts: the last one. */
export function iniOption(document: SectionedDocument, section: string, key: string): Option | undefined {
  return document.sections
    .filter(({ name }) => name.toLowerCase() === section.toLowerCase())
    .flatMap(({ options }) => options)
    .findLast((option) => option.key.replaceAll('-', '_') === key);
}

/** Where to point for an option that is not there: its section, else the first line. */
export function sectionPlace(document: SectionedDocument, section: string) {
  const found = document.sections.find(({ name }) => name === section);
  return found === undefined ? { line: 1, column: 1 } : { line: found.line, column: found.column };
}

export function lineOf(file: { readonly text: string }, line: number): string {
  return (file.text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
}

function auditFile(file: SourceFile, host: string | undefined): AuditFile | undefined {
  const kind = kindOf(file.location, file.text);
  if (kind === undefined) return undefined;
  const { document, problems } = READERS[kind](file.text, file.path);
  const { path, text, mode } = file;
  return { kind, path, name: nameInHost(file.location), host, text, mode, document, problems };
}

/** my.cnf is read first, then what its !includedir names. */
function mycnfOrder(file: AuditFile): number {
  if (/\/mariadb\.conf\.d\//.test(file.path)) return 2;
  return /\.d\//.test(file.path) ? 1 : 0;
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
