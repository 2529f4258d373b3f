// `<reports>/drill-history.jsonl`: a line per drill, appended. A line that was torn is left out. Read as it is; whoever asks knows the shape.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateDirectory } from './state-directory.ts';

export function readDrillHistory(state: Pick<StateDirectory, 'reports'>): readonly unknown[] {
  const path = historyPath(state);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
}

export function appendDrillHistory(state: Pick<StateDirectory, 'reports'>, entries: readonly object[]): void {
  if (entries.length === 0) return;
  // Begins with a line end: a line that was torn before spoils no other.
  const text = entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');
  appendFileSync(historyPath(state), `${text}\n`, { mode: 0o600 });
}

function historyPath({ reports }: Pick<StateDirectory, 'reports'>): string {
  return join(reports, 'drill-history.jsonl');
}
