// A plan that was stored (`plan --out`) and is applied later (`apply SPEC PLANFILE`): only when it still holds.
// The file carries a hash of what the plan was made from; when the spec or a host moved since, HastackError `refused`
// names what the plan would be now. Pure; reading and writing the file is the caller's.
import { z } from 'zod';
import { HastackError } from '../model/error.ts';
import type { Plan } from '../model/resource.ts';
import type { PlannedCluster } from './plan.ts';

const StoredPlan = z.object({
  hastackPlan: z.literal(1),
  cluster: z.string(),
  createdAt: z.string(),
  factsHash: z.string(),
  plan: z.object({
    changes: z.array(z.looseObject({ host: z.string(), resource: z.string(), action: z.string(), reason: z.string() })),
  }),
});

export interface StoredPlan {
  readonly cluster: string;
  readonly createdAt: string;
  readonly factsHash: string;
  /** `ctl1 update file:/etc/x`, for comparing with the present. */
  readonly changes: readonly string[];
}

export function serialisePlan(
  planned: PlannedCluster,
  about: { readonly cluster: string; readonly createdAt: string },
): string {
  const { plan, factsHash } = planned;
  return `${JSON.stringify({ hastackPlan: 1, ...about, factsHash, plan }, undefined, 2)}\n`;
}

export function parsePlan(text: string, file: string): StoredPlan {
  try {
    const { cluster, createdAt, factsHash, plan } = StoredPlan.parse(JSON.parse(text));
    return { cluster, createdAt, factsHash, changes: plan.changes.map(changeKey) };
  } catch (error) {
    throw new HastackError({
      code: 'usage',
      at: { file },
      message: `${file} is not a plan of hastack`,
      hint: `Make one with: hastack plan SPEC --out ${file}`,
      cause: error,
    });
  }
}

export function assertStillHolds(stored: StoredPlan, now: PlannedCluster, cluster: string): void {
  if (stored.cluster !== cluster) {
    throw refused(`the plan is for the cluster ${stored.cluster}, not for ${cluster}`);
  }
  if (stored.factsHash === now.factsHash) return;
  throw refused(
    `the spec or the hosts changed since the plan was made (${stored.createdAt})${moved(stored, now.plan)}`,
  );
}

function moved(stored: StoredPlan, plan: Plan): string {
  const present = plan.changes.map(changeKey);
  const added = present.filter((change) => !stored.changes.includes(change));
  const gone = stored.changes.filter((change) => !present.includes(change));
  const parts = [
    added.length === 0 ? '' : `new: ${added.slice(0, 5).join(', ')}`,
    gone.length === 0 ? '' : `no longer: ${gone.slice(0, 5).join(', ')}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `; ${parts.join('; ')}`;
}

function changeKey(change: { readonly host: string; readonly action: string; readonly resource: string }): string {
  return `${change.host} ${change.action} ${change.resource}`;
}

function refused(message: string): HastackError {
  return new HastackError({
    code: 'refused',
    message,
    hint: 'Nothing was changed. Look at a new plan (hastack plan SPEC --out FILE) and apply that one.',
  });
}
