// The commented spec that `hastack init` writes: short, editable, every section explained; passes `check`.
import { nearest } from '../lib/nearest.ts';
import { HastackError } from '../model/error.ts';
import { checkSpec } from './check.ts';
import { PRESETS } from './presets/all.ts';
import { missingServices } from './presets/preset.ts';
import type { InitAnswers } from './presets/preset.ts';

export type { InitAnswers } from './presets/preset.ts';

export interface PresetSummary {
  readonly name: string;
  readonly title: string;
  /** Whether this version of hastack can `apply` it. */
  readonly deployable: boolean;
  /** What it needs that cannot be deployed yet. */
  readonly missing: readonly string[];
}

/** In the order to offer them; the first is the default. */
export function listPresets(): readonly PresetSummary[] {
  return PRESETS.map((preset) => ({
    name: preset.name,
    title: preset.title,
    deployable: preset.deployable,
    missing: [...(preset.lacks ?? []), ...missingServices(preset)],
  }));
}

/** HastackError `usage` when there is no such preset or an answer is not valid. */
export function initText(preset: string, answers: InitAnswers): string {
  const known = PRESETS.map(({ name }) => name);
  const chosen = PRESETS.find(({ name }) => name === preset);
  if (chosen === undefined) {
    const meant = nearest(preset, known);
    const hint = meant === undefined ? `presets: ${known.join(', ')}` : `did you mean ${meant}?`;
    throw new HastackError({ code: 'usage', message: `there is no preset named ${preset}`, hint });
  }
  const text = chosen.text(singleLine(answers));
  // The texts are right as they are (a test says so): what is wrong now came with the answers.
  const wrong = checkSpec(text, 'cluster.yaml').findings.filter(({ severity }) => severity === 'critical');
  if (wrong.length === 0) return text;
  throw new HastackError({
    code: 'usage',
    message: wrong.map(({ message }) => message).join('\n'),
    hint: wrong[0]?.remediation ?? 'give other answers',
  });
}

/** Answers go into YAML as they are: one that YAML would read as more than a word is refused by what it becomes. */
function singleLine(answers: InitAnswers): InitAnswers {
  const texts = [answers.cluster, answers.management, answers.data, answers.publicName, ...(answers.recipients ?? [])];
  const odd = texts.find((text) => text !== undefined && !/^[\w.:/-]+$/.test(text));
  if (odd === undefined) return answers;
  throw new HastackError({
    code: 'usage',
    message: `${JSON.stringify(odd)} cannot stand in a spec`,
    hint: 'use letters, digits and . : / - _',
  });
}
