// How a VIP moves. The terms are the timers of keepalived.conf, with what the spec changes in it.
// Source: RFC 5798, 6.1 (Skew_Time, Master_Down_Interval): the clock of a backup starts with the last advert it got,
// which is up to one interval old when its sender dies.
import type { ClusterContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { FailureRule, Term } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { overriddenValues, timer } from '../oslo/timers.ts';
import { ADVERT, CHECK_FALL, CHECK_INTERVAL, CHECK_TIMEOUT, PRIORITY_STEP, TOP_PRIORITY } from './config.ts';

const FILE = 'keepalived.conf';

export function keepalivedFailure(ctx: ClusterContext): FailureRule {
  const { advert, skew, check } = timersOf(ctx);
  const announce: Term = {
    name: 'gratuitous ARP reaches the clients',
    seconds: seconds(0, 0.02, 0.1),
    source: FILE,
  };
  const silence: Term = {
    name: 'the backup misses three adverts, plus its skew',
    seconds: seconds(rounded(2 * advert + skew.low), rounded(2.5 * advert + skew.expected), 4 * advert),
    source: `${FILE} advert_int, priority; measured 0.46 to 0.64 s with 0.2 s`,
  };
  const handedOver: Term = {
    name: 'the holder says that it stops; the backup waits for its skew',
    seconds: seconds(rounded(skew.low), rounded(skew.expected), rounded(skew.high)),
    source: `${FILE} advert_int, priority`,
  };
  const seen: Term = {
    name: 'the check of HAProxy fails often enough',
    seconds: seconds(
      check.interval,
      check.fall * (check.interval + check.timeout),
      check.fall * (check.interval + check.timeout) + check.interval,
    ),
    source: `${FILE} vrrp_script interval, timeout, fall`,
  };
  const restart: Term = {
    name: 'systemd starts keepalived again, which removes the VIP it left behind',
    seconds: seconds(0.1, 0.2, 0.5),
    source: 'keepalived.service RestartSec; measured 0.17 to 0.47 s',
  };
  return {
    needs: atLeast(1),
    interruption: {
      'host-power': { terms: [silence, announce] },
      'host-isolated': { terms: [silence, announce] },
      'nic-cut': { terms: [silence, announce] },
      'process-killed': { terms: [restart] },
      'process-stopped': { terms: [handedOver, announce] },
      // The frozen holder answers on until another one has announced itself; see vrrp_garp_master_refresh.
      'process-frozen': { terms: [{ ...announce, seconds: seconds(0.01, 0.03, 1) }] },
    },
    watches: { 'process-frozen': { terms: [seen, announce] }, 'process-killed': { terms: [seen, announce] } },
    survives: ['process-killed'],
    improve: `a shorter advert_int where hosts never stall: config: { ${FILE}: { vrrp_instance: { advert_int: 0.1 } } }`,
  };
}

function timersOf(ctx: ClusterContext) {
  const advert = slowest(ctx, ['vrrp_instance', ...ctx.cluster.vips.map(({ name }) => `vrrp_instance ${name}`)]);
  const last = TOP_PRIORITY - PRIORITY_STEP * Math.max(1, ctx.members('keepalived').length - 1);
  const skew = (priority: number): number => ((256 - priority) / 256) * advert;
  const script = (option: string, rendered: number): number =>
    timer(ctx, { file: FILE, section: 'vrrp_script haproxy', option }, rendered);
  return {
    advert,
    skew: { low: skew(TOP_PRIORITY), expected: skew(TOP_PRIORITY - PRIORITY_STEP), high: skew(last) },
    check: {
      interval: script('interval', CHECK_INTERVAL),
      timeout: script('timeout', CHECK_TIMEOUT),
      fall: script('fall', CHECK_FALL),
    },
  };
}

/** Seconds between adverts: of all instances, or of one alone. */
function slowest(ctx: ClusterContext, sections: readonly string[]): number {
  const changed = sections.flatMap((section) =>
    overriddenValues(ctx, { file: FILE, section, option: 'advert_int' })
      .map(Number)
      .filter((value) => value > 0),
  );
  const everywhere = overriddenValues(ctx, { file: FILE, section: 'vrrp_instance', option: 'advert_int' }).length > 0;
  return Math.max(...changed, ...(everywhere ? [] : [ADVERT]));
}

/** Binary sums of decimal seconds. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
