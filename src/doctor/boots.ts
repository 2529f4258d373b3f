// Follows the boots of a host in one log: a boot that no shutdown precedes is a power cut, a reset, a crash or a freeze.
import type { LogLine } from './line.ts';
import type { Match } from './matcher.ts';
import type { Signature } from './signature.ts';

const SHUTDOWN =
  /^(?:System is (?:rebooting|powering down)|The system will (?:reboot|power off) now|Reached target .*(?:Reboot|Power-Off|Shutdown|Power Off)|Journal stopped|Shutting down\.|.*systemd-shutdown)/i;
/** A boot writes several lines that look like its first. */
const ONE_BOOT_MS = 180_000;

interface Context {
  readonly text: string;
  readonly number: number;
  readonly before: () => { readonly line: LogLine; readonly text: string } | undefined;
}

interface PowerLoss extends Context {
  readonly match: Match;
  readonly line: LogLine;
}

export class BootTracker {
  readonly #signature: Signature | undefined;
  #shutdown = false;
  #boot: { readonly time: number | undefined } | undefined;

  constructor(signature: Signature | undefined) {
    this.#signature = signature;
  }

  /** The power loss that this line reveals, at the time of the last line before it. */
  follow(line: LogLine, context: Context): PowerLoss | undefined {
    if (SHUTDOWN.test(line.message)) this.#shutdown = true;
    if (this.#signature?.pattern.test(line.message) !== true || this.#sameBoot(line.time)) return undefined;
    const before = context.before();
    const orderly = this.#shutdown || SHUTDOWN.test(before?.line.message ?? '');
    this.#shutdown = false;
    this.#boot = { time: line.time ?? before?.line.time };
    if (orderly || before?.line.time === undefined) return undefined;
    const host = line.host ?? before.line.host;
    const at = { ...before.line, ...(host === undefined ? {} : { host }) };
    return {
      ...context,
      match: { signature: this.#signature, groups: {} },
      line: at,
      number: context.number - 1,
      text: before.text,
    };
  }

  #sameBoot(time: number | undefined): boolean {
    const known = this.#boot;
    if (known === undefined) return false;
    return time === undefined || known.time === undefined || Math.abs(time - known.time) < ONE_BOOT_MS;
  }
}
