// What this version of hastack knows but cannot deploy yet: said before anybody waits for it.
import { SERVICES, SERVICE_NAMES, isDeployable } from '../services.ts';
import { missingServices, servicesOf } from '../presets/preset.ts';
import { waitsForCompute, waitsForStore } from '../resolve-services.ts';
import { own } from '../lookup.ts';
import type { Hit, RuleInput } from './rule.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.not-deployable',
  severity: 'warning',
  impact: 'It is left out: what needs it is not there for users.',
  source: 'the list of services of this version',
  reads: ['preset', 'services', 'availability'],
  check: (input) => [
    ...presetHits(input),
    ...withoutCompute(input),
    ...withoutStore(input),
    ...serviceHits(input),
    ...optionHits(input),
    ...engineHits(input),
  ],
});

function presetHits({ spec, preset }: RuleInput): readonly Hit[] {
  const wanted = missingServices(preset).filter((name) => own(spec.services, name) === undefined);
  if (!preset.deployable) {
    const lacks = [...(preset.lacks ?? []), ...wanted];
    return [
      {
        path: ['preset'],
        message: `The preset ${preset.name} cannot be deployed by this version yet; it lacks ${lacks.join(', ')}.`,
        impact: 'check and init work; apply refuses.',
        remediation: 'Use the preset three-controllers, or wait for a version that can.',
      },
    ];
  }
  if (wanted.length === 0) return [];
  return [
    {
      path: ['preset'],
      severity: 'info',
      message: `This version deploys the control plane of ${preset.name}; ${wanted.join(', ')} will follow.`,
      remediation: 'Nothing to do.',
    },
  ];
}

/** Deployable, but the cluster has no hosts for instances. */
function withoutCompute({ spec, cluster, preset }: RuleInput): readonly Hit[] {
  const left = servicesOf(preset).filter((name) => isDeployable(name) && waitsForCompute(spec, cluster.hosts, name));
  if (!preset.deployable || left.length === 0) return [];
  return [
    {
      path: ['preset'],
      severity: 'info',
      message: `No host has the role compute, so ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} left out.`,
      remediation: `Give hosts the role compute, or name them: services: { ${left[0] ?? ''}: true }.`,
    },
  ];
}

/** There are hosts for instances, but no place for volumes. */
function withoutStore({ spec, cluster, preset }: RuleInput): readonly Hit[] {
  const left = servicesOf(preset).filter(
    (name) => isDeployable(name) && waitsForStore(spec, preset, name) && !waitsForCompute(spec, cluster.hosts, name),
  );
  if (!preset.deployable || left.length === 0) return [];
  return [
    {
      path: ['preset'],
      severity: 'info',
      message: `Nothing says where volumes are kept, so ${left.join(', ')} is left out.`,
      remediation:
        'Name Ceph with the disks it may take, services: { ceph: { devices: [...] }, etcd: true }, or another store: services: { cinder: { store: nfs, server: ... } }.',
    },
  ];
}

function serviceHits({ spec }: RuleInput): readonly Hit[] {
  return SERVICE_NAMES.filter(
    (name) => !isDeployable(name) && ![undefined, false].includes(asBoolean(own(spec.services, name))),
  ).map((name) => ({
    path: ['services', name],
    on: 'key',
    message: `This version does not deploy ${SERVICES[name].title} yet.`,
    remediation: `Keep the lines for later, or write ${name}: false.`,
  }));
}

function asBoolean(asked: unknown): boolean | undefined {
  return asked === undefined ? undefined : asked !== false;
}

/** Options of deployed services that no component follows yet. */
function optionHits({ spec, preset }: RuleInput): readonly Hit[] {
  if (!preset.deployable) return [];
  return SERVICE_NAMES.filter(isDeployable).flatMap((name) => {
    const asked = own(spec.services, name);
    if (typeof asked !== 'object') return [];
    return Object.entries(asked)
      .filter(([option, value]) => option === 'vip' || (option === 'mode' && value !== 'active-active'))
      .map(([option, value]) => ({
        path: ['services', name, option],
        impact: 'The option has no effect: the service runs active/active behind the VIPs public and internal.',
        message: `This version does not follow ${option}: ${String(value)} of ${SERVICES[name].title} yet.`,
        remediation: 'Keep the line for later, or remove it.',
      }));
  });
}

function engineHits({ cluster, preset }: RuleInput): readonly Hit[] {
  const { engine } = cluster.availability;
  if (engine === 'keepalived' || !preset.deployable) return [];
  return [
    {
      path: ['availability', 'engine'],
      severity: 'critical',
      impact: 'Nobody moves the VIPs.',
      message: `This version does not deploy ${engine} yet.`,
      remediation: 'Write engine: keepalived.',
    },
  ];
}
