// How Galera fails. The terms are the timers in my-cnf.ts, with what the spec changes in it; measured: power-off 2.3 to
// 2.7 s at the database, 2.5 to 3.4 s through HAProxy, whichever of the two is slower.
import { mariadbName } from '../../formats/overrides.ts';
import { parseProviderOptions } from '../../formats/wsrep-provider-options.ts';
import type { ClusterContext } from '../../model/component.ts';
import type { FailureRule, Interruption } from '../../model/failure.ts';
import { majority } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { overriddenValues } from '../oslo/timers.ts';
import { EVS } from './my-cnf.ts';

export interface EvictionTimers {
  readonly suspect: number;
  readonly checkPeriod: number;
  readonly joinRetrans: number;
}

/** What Galera takes where `wsrep_provider_options` is replaced and says nothing. Source: gcomm/src/defaults.cpp */
const DEFAULTS: EvictionTimers = { suspect: 5, checkPeriod: 0.5, joinRetrans: 1 };

export function galeraFailure(ctx: ClusterContext): FailureRule {
  const evs = evictionTimers(ctx);
  const eviction: Interruption = {
    terms: [
      {
        name: 'Galera suspects the silent member',
        seconds: seconds(evs.suspect, evs.suspect, evs.suspect + evs.checkPeriod),
        source: 'my.cnf wsrep_provider_options evs.suspect_timeout, evs.inactive_check_period',
      },
      {
        name: 'the survivors agree on a new view',
        seconds: seconds(0, evs.joinRetrans, 1 + evs.joinRetrans),
        source: 'my.cnf wsrep_provider_options evs.join_retrans_period',
      },
      {
        // Usually while the survivors agree.
        name: 'clients are cut off from the lost member and connect to another one',
        seconds: seconds(0, 0, 0.5),
        source: 'haproxy.cfg tcp-ut, keepalives; measured: tokens are validated again after 4.1 s at worst',
      },
    ],
  };
  // The balancers list the last member first and keep to it (haproxy/config.ts).
  const writer = ctx.members('galera').at(-1)?.name;
  return {
    needs: majority,
    ...(writer === undefined ? {} : { writer }),
    improve: 'spread three members over three racks and power feeds; five members survive two failures',
    interruption: {
      'process-killed': eviction,
      'process-frozen': eviction,
      'host-power': eviction,
      'host-isolated': eviction,
      'nic-cut': eviction,
    },
  };
}

/** Seconds, as the members will have them. Overriding the line replaces all of it. */
export function evictionTimers(ctx: Pick<ClusterContext, 'cluster'>): EvictionTimers {
  const lines = ['galera', 'mariadbd', 'mariadb', 'mysqld', 'server'].flatMap((section) =>
    overriddenValues(ctx, { file: 'my.cnf', section, option: 'wsrep_provider_options' }, mariadbName),
  );
  if (lines.length === 0) return EVS;
  const all = lines.map((line) => {
    const { options } = parseProviderOptions(String(line));
    const given = (name: string): number | undefined =>
      isoSeconds(options.find(({ key }) => key === `evs.${name}`)?.value ?? '');
    return {
      suspect: given('suspect_timeout') ?? DEFAULTS.suspect,
      checkPeriod: given('inactive_check_period') ?? DEFAULTS.checkPeriod,
      joinRetrans: given('join_retrans_period') ?? DEFAULTS.joinRetrans,
    };
  });
  // Of members that differ, the one that waits longest.
  return all.reduce((slow, each) => (each.suspect > slow.suspect ? each : slow));
}

/** `PT2S`, `PT1M30S`, `PT0.3S` */
function isoSeconds(text: string): number | undefined {
  const parts = /^PT(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text);
  return parts === null ? undefined : Number(parts[1] ?? 0) * 60 + Number(parts[2] ?? 0);
}
