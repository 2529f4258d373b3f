// What a verification found. `steps` are those that were tried; what could not be tried is in `skipped` with the
// reason and counts neither as passed nor as failed. The schema is published: `hastack schema verify`.
import { z } from 'zod';

const step = z.object({
  name: z.string(),
  ok: z.boolean(),
  seconds: z.number().meta({ description: 'how long it took' }),
  detail: z.string().meta({ description: 'what was seen, or how it failed' }),
});

const skipped = z.object({ name: z.string(), reason: z.string() });

export const verifyReport = z
  .object({
    runId: z.string(),
    ok: z.boolean().meta({ description: 'no step failed and nothing was left behind' }),
    steps: z.array(step),
    skipped: z.array(skipped),
    leftBehind: z.array(z.string()).meta({ description: 'what could not be removed: kind, name and id' }),
  })
  .meta({ title: 'Answer of `hastack verify --json`' });

export type VerifyReport = Readonly<z.infer<typeof verifyReport>>;
export type StepResult = Readonly<z.infer<typeof step>>;

export function verifyReportSchema(): unknown {
  return z.toJSONSchema(verifyReport, { target: 'draft-2020-12' });
}
