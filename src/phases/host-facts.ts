// Reads the facts of one host: one script about the host itself and, side by side over the same connection, one per
// probe of its networks. A fact that could not be read says why; only a lost connection is an error.
import { readSections } from '../engine/sections.ts';
import type { SectionResult } from '../engine/sections.ts';
import { TIMESTAMP_SCRIPT, clockFrom } from '../facts/clock.ts';
import type { ClockFacts } from '../facts/clock.ts';
import type { FactRequest, Gatherer } from '../facts/gatherer.ts';
import { LOCAL, PROBES } from '../facts/host-facts.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { Clock, RandomBytes } from '../model/clock.ts';
import type { Reading, Script } from '../model/resource.ts';
import type { Session } from '../remote/transport.ts';

export interface FactTools {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly signal?: AbortSignal | undefined;
}

export async function gatherHostFacts(session: Session, request: FactRequest, tools: FactTools): Promise<HostFacts> {
  const probe = async <T>(gatherer: Gatherer<T>): Promise<Reading<T>> => {
    const { code, stdout, stderr } = await session.run(gatherer.read(request), tools.signal);
    return parsed(gatherer, { code, stdout, stderr });
  };
  const [local, reach, vips, vrrp] = await Promise.all([
    gatherLocal(session, request, tools),
    probe(PROBES.reach),
    probe(PROBES.vips),
    probe(PROBES.vrrp),
  ]);
  return { ...local, reach, vips, vrrp };
}

async function gatherLocal(
  session: Session,
  request: FactRequest,
  tools: FactTools,
): Promise<Omit<HostFacts, keyof typeof PROBES>> {
  const stamp: Script = { text: TIMESTAMP_SCRIPT, timeout: 5 };
  const scripts = Object.values(LOCAL).map((gatherer) => gatherer.read(request));
  const sections = readSections([stamp, ...scripts, stamp], tools.random);
  const sent = tools.clock.now();
  const result = await session.run(sections.script, tools.signal);
  const received = tools.clock.now();
  const [began, ...rest] = sections.parse(result);
  const ended = rest.at(-1);
  const of = <T>(gatherer: Gatherer<T>): Reading<T> =>
    parsed(gatherer, rest[(Object.values(LOCAL) as readonly unknown[]).indexOf(gatherer)]);
  return {
    system: of(LOCAL.system),
    disk: of(LOCAL.disk),
    interfaces: of(LOCAL.interfaces),
    listeners: of(LOCAL.listeners),
    resolvers: of(LOCAL.resolvers),
    packages: of(LOCAL.packages),
    clock: clockReading({ sent, received, began, ended }),
  };
}

function parsed<T>(gatherer: Gatherer<T>, result: SectionResult | undefined): Reading<T> {
  if (result?.code === undefined) return { known: false, reason: 'the script did not finish' };
  if (result.code !== 0) {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    return { known: false, reason: said === '' ? `exit status ${result.code}` : said.slice(0, 200) };
  }
  return attempt(() => gatherer.parse(result.stdout));
}

function clockReading(sample: {
  readonly sent: number;
  readonly received: number;
  readonly began: SectionResult | undefined;
  readonly ended: SectionResult | undefined;
}): Reading<ClockFacts> {
  const { sent, received, began, ended } = sample;
  return attempt(() => clockFrom({ sent, received, began: began?.stdout ?? '', ended: ended?.stdout ?? '' }));
}

function attempt<T>(read: () => T): Reading<T> {
  try {
    return { known: true, state: read() };
  } catch (error) {
    return { known: false, reason: (error as Error).message };
  }
}
