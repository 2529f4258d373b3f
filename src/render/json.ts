// Output for programs: every event as one line of JSON on stdout and nothing else.
import type { Emit } from '../model/event.ts';

export function jsonRenderer(write: (text: string) => void): Emit {
  return (event) => write(`${JSON.stringify(event)}\n`);
}
