// What `hastack recover --json` prints. The schema is published: `hastack schema recover`.
import { z } from 'zod';

const step = z.object({
  host: z.string(),
  does: z.string(),
  ok: z.boolean().nullable().meta({ description: 'null: would be done (--dry-run)' }),
  seconds: z.number().optional(),
  detail: z.string().optional().meta({ description: 'why it failed' }),
});

const report = z
  .object({
    evidence: z.array(z.string()).meta({ description: 'what was found, before anything was done' }),
    steps: z.array(step),
    state: z.enum(['nothing-to-do', 'repaired', 'refused', 'left']),
    left: z
      .array(z.string())
      .meta({ description: 'what is not as it should be, or why it was refused and what to do' }),
  })
  .meta({ title: 'Answer of `hastack recover --json`' });

export type RecoverStepReport = Readonly<z.infer<typeof step>>;

export interface RecoverReport {
  readonly evidence: readonly string[];
  readonly steps: readonly RecoverStepReport[];
  readonly state: z.infer<typeof report>['state'];
  readonly left: readonly string[];
}

export function recoverReportSchema(): unknown {
  return z.toJSONSchema(report, { target: 'draft-2020-12' });
}
