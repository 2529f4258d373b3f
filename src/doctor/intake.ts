// Takes files block by block and sorts them: logs are scanned, configuration is kept for the audit, the rest is left.
//
// By name first (what lies in /var/log or ends in .log is a log), else by the first lines: those of a log are
// understood by some reader. Configuration is kept only when small.
import type { SourceFile } from '../sources/source-file.ts';
import type { TimeContext } from './line.ts';
import { isJournalExport, JournalExportFlattener } from './journal-export.ts';
import type { Matcher } from './matcher.ts';
import { LineParser } from './readers/readers.ts';
import { FileScan } from './scan.ts';
import type { FileStory } from './scan.ts';

const LOG_NAME =
  /(?:\.(?:log|err|out)(?:[.-][\w.-]*)?|(?:^|\/)(?:syslog|messages|kern|daemon|dmesg|journal)[^/]*|\.(?:export|journal\.txt))$/;
const LOG_PLACE = /\/var\/log\/|(?:^|\/)logs?\//;
const LARGEST_CONFIGURATION = 1024 * 1024;
const MOST_CONFIGURATION = 32 * LARGEST_CONFIGURATION;
const SNIFFED_LINES = 40;

interface IntakeFile {
  readonly path: string;
  readonly location: string;
  readonly modified: number;
  readonly mode: number;
  readonly size: number;
}

interface Reading {
  readonly feed: (block: string) => void;
  readonly end: () => void;
}

export interface Taken {
  readonly stories: readonly FileStory[];
  /** Where each file lies, by its path. */
  readonly locations: ReadonlyMap<string, string>;
  readonly configuration: readonly SourceFile[];
}

export class LogIntake {
  readonly #options: { readonly matcher: Matcher; readonly zoneMinutes: number };
  readonly #stories: FileStory[] = [];
  readonly #locations = new Map<string, string>();
  readonly #configuration: SourceFile[] = [];
  #keptLength = 0;

  constructor(options: { readonly matcher: Matcher; readonly zoneMinutes: number }) {
    this.#options = options;
  }

  begin(file: IntakeFile): Reading {
    const times: TimeContext = { zoneMinutes: this.#options.zoneMinutes, newest: file.modified };
    let scan: FileScan | undefined;
    let flattener: JournalExportFlattener | undefined;
    let kept: string | undefined = '';
    let first = true;
    const feed = (block: string) => {
      if (first) {
        first = false;
        if (isJournalExport(block)) flattener = new JournalExportFlattener();
        const log = flattener !== undefined || isLog(file, block, times);
        if (log) scan = new FileScan({ path: file.path, matcher: this.#options.matcher, times });
      }
      if (scan !== undefined) scan.feed(flattener?.feed(block) ?? block);
      else kept = kept === undefined || kept.length + block.length > this.#room() ? undefined : kept + block;
    };
    const end = () => {
      if (flattener !== undefined) scan?.feed(flattener.end());
      this.#finish(file, scan, kept ?? '');
    };
    return { feed, end };
  }

  end(): Taken {
    return { stories: this.#stories, locations: this.#locations, configuration: this.#configuration };
  }

  /** How much of one more file may be kept. */
  #room(): number {
    return Math.min(LARGEST_CONFIGURATION, MOST_CONFIGURATION - this.#keptLength);
  }

  #finish(file: IntakeFile, scan: FileScan | undefined, kept: string): void {
    const { path, location, mode } = file;
    if (scan !== undefined) {
      this.#stories.push(scan.end());
      this.#locations.set(path, location);
    } else if (kept !== '') {
      this.#configuration.push({ path, location, mode, text: kept });
      this.#keptLength += kept.length;
    }
  }
}

function isLog(file: IntakeFile, start: string, times: TimeContext): boolean {
  if (LOG_NAME.test(file.location) || LOG_PLACE.test(file.location)) return true;
  const parser = new LineParser(times);
  const lines = start.split('\n', SNIFFED_LINES).filter((line) => line.trim() !== '');
  const understood = lines.filter((line) => parser.read(line) !== undefined).length;
  return understood * 2 > lines.length;
}
