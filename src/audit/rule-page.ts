// What a rule says about itself: for `--explain` and for its page in docs/reference/rules. Pure.
import { EFFECTS, severityOf } from './rule.ts';
import type { Rule } from './rule.ts';

export function rulePage(rule: Rule): string {
  return [
    `# ${rule.id}: ${rule.title}`,
    '',
    `Severity: ${severityOf(rule)} (${rule.letter}) · ${EFFECTS[rule.effect]}${rule.versions === undefined ? '' : ` · holds for ${rule.versions}`}`,
    '',
    rule.explanation,
    '',
    '## What to write',
    '',
    rule.remediation,
    '',
    '## Source',
    '',
    rule.source ?? 'Judgement only: it is shown as info until a source or a drill proves it.',
    '',
    '## To set it aside',
    '',
    `Write \`# hastack: ignore ${rule.id} REASON\` on the line, or on the line above it, or keep a baseline (\`--write-baseline\`).`,
    '',
  ].join('\n');
}

export function rulesIndex(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${severityOf(rule)} | ${rule.title} |`);
  return ['# Rules of `hastack audit`', '', '| rule | severity | fault |', '| --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
