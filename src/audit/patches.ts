// The patches of findings as one unified diff, for `patch -p0` or `git apply --unidiff-zero -p0`.
// Without lines of context, since those may hold passwords. Only printed; nothing here writes a file. Pure.
import type { AuditFinding } from './run.ts';

export function patchText(findings: readonly AuditFinding[]): string {
  const patches = findings.flatMap(({ patch }) => patch ?? []);
  const files = [...new Set(patches.map(({ file }) => file))].toSorted();
  return files
    .map((file) => {
      const seen = new Set<number>();
      let shift = 0;
      const own = patches.filter((patch) => patch.file === file).toSorted((a, b) => a.line - b.line);
      // Two patches of one line would be against different texts: the first one wins, the next run gives the other.
      const hunks = own
        .filter(({ line }) => !seen.has(line) && seen.add(line))
        .map((patch) => {
          const after = patch.after.split('\n');
          const removed = patch.insert === true ? 0 : 1;
          const from = patch.line + shift + (patch.insert === true ? 1 : 0);
          shift += after.length - removed;
          const head = `@@ -${patch.line},${removed} +${from},${after.length} @@`;
          return [head, ...(removed === 0 ? [] : [`-${patch.before}`]), ...after.map((line) => `+${line}`)].join('\n');
        });
      return `--- ${file}\n+++ ${file}\n${hunks.join('\n')}\n`;
    })
    .join('');
}
