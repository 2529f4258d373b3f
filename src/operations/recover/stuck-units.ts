// Units that gave up: systemd calls them `failed` and tries no more, often because what they need (the database, the
// broker) was away when the host booted. Their failures are forgotten and they are started, once what they need is back.
import type { HostView, Recovery, RecoveryStep } from '../../model/recovery.ts';
import { sh } from '../../remote/shell.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';

const START_SECONDS = 120;

/** `units`: per host, those that should run. */
export function stuckUnits(units: ReadonlyMap<string, readonly string[]>): Recovery<readonly string[]> {
  return {
    id: 'units',
    hosts: [...units.keys()],
    read: (host) => ({
      timeout: 20,
      text: sh`for unit in ${units.get(host) ?? []}; do
  case "$(systemctl show -P ActiveState -- "$unit" 2>/dev/null)" in failed) printf '%s\n' "$unit" ;; esac
done`,
    }),
    parse: (_host, output) => output.split('\n').filter((line) => line !== ''),
    decide: decideUnits,
  };
}

export function decideUnits(views: readonly HostView<readonly string[]>[]): ReturnType<Recovery['decide']> {
  const evidence = views.flatMap((each) =>
    each.read && each.view.length > 0 ? [`${each.host}: failed units: ${each.view.join(', ')}`] : [],
  );
  const [first, ...rest] = views.flatMap((each) =>
    each.read ? each.view.map((unit) => startStep(each.host, unit)) : [],
  );
  if (first === undefined) return { kind: 'nothing-to-do', left: [], evidence };
  return { kind: 'steps', steps: [first, ...rest], warnings: [], left: [], evidence };
}

function startStep(host: string, unit: string): RecoveryStep {
  return {
    host,
    does: `start ${unit}, which had failed`,
    script: { timeout: START_SECONDS + 30, text: startUnitScript({ name: unit, startTimeout: START_SECONDS }) },
  };
}
