// `--limit`: only some hosts are changed. Pure. All hosts are still connected to and all members of groups read, since
// what may be done to one depends on the others (members.ts: a limited run never forms a cluster).
// Steps that are done once for the whole cluster (databases, users, endpoints) belong to no host and are left out.
import type { DesiredState, DesiredStep } from './desired.ts';

export function limitTo(desired: DesiredState, hosts: readonly string[] | undefined): DesiredState {
  if (hosts === undefined) return desired;
  const components = desired.components.map((component) => ({
    ...component,
    steps: component.steps.map((step) => limitStep(step, hosts)),
  }));
  return { ...desired, components, limit: hosts };
}

/** Steps keep their place: they are known by it. */
function limitStep(step: DesiredStep, hosts: readonly string[]): DesiredStep {
  switch (step.on) {
    case 'each':
      return { ...step, resources: new Map([...step.resources].filter(([host]) => hosts.includes(host))) };
    case 'one':
      return { ...step, resources: [] };
    case 'members':
      return step;
  }
}
