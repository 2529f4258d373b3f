// What `hastack init` asks on a terminal. Escape or Ctrl-C ends it with nothing written.
import { intro, isCancel, select, text } from '@clack/prompts';

import { HastackError } from '../model/error.ts';
import type { InitAnswers, PresetSummary } from '../spec/init.ts';

export interface Asked {
  readonly preset: string;
  readonly answers: InitAnswers;
}

export async function askForSpec(presets: readonly PresetSummary[], given: string | undefined): Promise<Asked> {
  intro('A new cluster. An empty answer takes the default.');
  const preset = given ?? answered(await select({ message: 'Shape of the cluster', options: presetOptions(presets) }));
  const questions = [
    { key: 'cluster', message: 'Name of the cluster', placeholder: 'campus' },
    { key: 'management', message: 'Management network (CIDR)', placeholder: '10.10.1.0/24' },
    { key: 'data', message: 'Data network: service to service, tunnels, storage (CIDR)', placeholder: '10.10.10.0/24' },
    { key: 'publicName', message: 'DNS name users will type', placeholder: 'cloud.example.org' },
  ] as const;
  const answers: Record<string, string> = {};
  for (const { key, message, placeholder } of questions) {
    const answer = answered(await text({ message, placeholder, defaultValue: '' })).trim();
    if (answer !== '') answers[key] = answer;
  }
  return { preset, answers };
}

function presetOptions(presets: readonly PresetSummary[]) {
  return presets.map(({ name, title, deployable, missing }) => ({
    value: name,
    label: name,
    hint: deployable ? title : `${title}; cannot be deployed yet: ${missing.join(', ')}`,
  }));
}

function answered(answer: string | symbol): string {
  if (!isCancel(answer)) return String(answer);
  throw new HastackError({ code: 'interrupted', message: 'nothing was written', hint: 'run `hastack init` again' });
}
