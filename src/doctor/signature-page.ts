// What a signature says about itself: for `--explain` and for its page in docs/reference/signatures. Pure.
import { LAYERS } from './signature.ts';
import type { Signature } from './signature.ts';

export function signaturePage(signature: Signature): string {
  const { audit = [], hastack, atLeast } = signature;
  const looksLike =
    signature.derived === undefined
      ? [`    ${signature.pattern.source}`]
      : ['Found by following the boots of a host and the times of a log, not by one line.'];
  return [
    `# ${signature.id}: ${signature.title}`,
    '',
    `Severity: ${signature.noise === true ? 'none, it is counted as noise' : signature.severity} · ${LAYERS[signature.layer]}${atLeast === undefined ? '' : ` · reported from ${atLeast} lines in a row`}`,
    '',
    '## What users see',
    '',
    signature.symptom,
    '',
    '## What it means',
    '',
    signature.meaning,
    '',
    '## What to do now',
    '',
    ...signature.now.map((step, index) => `${index + 1}. ${step}`),
    '',
    '## So that it does not come back',
    '',
    signature.prevent,
    '',
    ...(audit.length === 0
      ? []
      : [`Rules of \`hastack audit\` about it: ${audit.map((id) => `[${id}](../rules/${id}.md)`).join(', ')}`, '']),
    ...(hastack === undefined ? [] : [`With hastack: \`${hastack}\``, '']),
    '## How it looks in a log',
    '',
    ...looksLike,
    '',
    '## Source',
    '',
    signature.source,
    '',
  ].join('\n');
}

export function signaturesIndex(signatures: readonly Signature[]): string {
  const rows = signatures.map(
    ({ id, severity, noise, title }) => `| [${id}](${id}.md) | ${noise === true ? 'noise' : severity} | ${title} |`,
  );
  return [
    '# Signatures of `hastack doctor`',
    '',
    '| signature | severity | what it is |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
