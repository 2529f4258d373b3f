// What a failed step says. Programming mistakes are not hidden among the failures of a cloud: they are thrown on.
import { DeadlineError } from '../../net/deadline.ts';

export function errorText(error: unknown): string {
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) throw error;
  if (error instanceof DeadlineError) return `not done within ${Math.round(error.milliseconds / 1000)} s`;
  return error instanceof Error ? error.message : String(error);
}
