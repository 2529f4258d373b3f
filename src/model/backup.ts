// What a component contributes to a backup of the cluster, as data: a stream out of one of its hosts, and secrets of
// the operator that belong to what the stream holds. operations/backup drives it and knows no component.
//
// Programs of streams stand in an argument list of ssh: never a secret in them. Scripts travel on stdin.
import type { MemberStep } from './member-group.ts';
import type { Script } from './resource.ts';

/** One restore: the same until it is finished, also when it is killed and run again. */
export interface RestoreTarget {
  readonly host: string;
  /** Hexadecimal; another one for every restore. */
  readonly key: string;
  /** Bytes that the content takes on the host, as measured when it was backed up. */
  readonly contentBytes: number;
  /** Bytes of the stream: less of it is not the whole. */
  readonly streamBytes: number;
}

export interface BackupStream {
  readonly hosts: readonly string[];
  /** Prints how much a host is needed elsewhere, as a number: the lowest is taken. Not exit 0: not fit for it. */
  rank(host: string): Script;
  /** Lines `name value`: `version`, `position`, `content-bytes`; asked right before and right after the stream. */
  info(host: string): Script;
  /** Lines `name<TAB>checksum` of everything in it that can be compared. What is the same before and after the stream
   *  must be so in the stream. */
  readonly facts?: (host: string) => Script;
  /** Writes the content to standard output. */
  export(host: string): string;
  /** Exit 0 when `stage` is done on that host for this restore. */
  staged(target: RestoreTarget): Script;
  /** Takes the content from standard input and lays it beside what is in use. Nothing in use is touched. */
  stage(target: RestoreTarget): string;
  /** Puts the staged content in place. Then `facts` must agree, then `finish`. Each may be run twice. */
  replace(target: RestoreTarget): readonly MemberStep[];
  finish(target: RestoreTarget): readonly MemberStep[];
  /** Restores the content into a place of its own on a host, to be looked at. */
  readonly scratch?: BackupScratch;
}

export interface BackupScratch {
  load(target: RestoreTarget): string;
  facts(target: RestoreTarget): Script;
  /** Not exit 0: it is damaged; says what on standard output. */
  check(target: RestoreTarget): Script;
  remove(target: RestoreTarget): Script;
}

export interface BackupSecrets {
  readonly names: readonly string[];
  /** Lays them on the hosts. The operator's own copy is the engine's matter. */
  install(values: Readonly<Record<string, string>>): readonly MemberStep[];
}

export interface Backup {
  /** `the databases of all services`. */
  readonly title: string;
  /** What a restore overwrites, for the question: `every row written since the backup is lost`. */
  readonly destroys: string;
  /** The services that use databases are stopped while it is restored, and every host of the stream must be there. */
  readonly needsQuiet: boolean;
  readonly stream?: BackupStream;
  readonly secrets?: BackupSecrets;
}
