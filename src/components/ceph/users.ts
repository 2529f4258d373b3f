// What users of Ceph may do: the profiles Ceph has for RBD clients, on the pools that a component asked for.
// Manual: https://docs.ceph.com/en/reef/rbd/rbd-openstack/, /rados/operations/user-management/
import type { CephUserContribution, Contributed, HostContext } from '../../model/component.ts';

export const ADMIN_CAPABILITIES = { mds: 'allow *', mgr: 'allow *', mon: 'allow *', osd: 'allow *' } as const;

export function capabilitiesOf({ pools }: Pick<CephUserContribution, 'pools'>): Readonly<Record<string, string>> {
  const osd = pools.map(({ pool, access }) => `profile ${access === 'read' ? 'rbd-read-only' : 'rbd'} pool=${pool}`);
  const mgr = pools.filter(({ access }) => access === 'write').map(({ pool }) => `profile rbd pool=${pool}`);
  return {
    mon: 'profile rbd',
    osd: osd.join(', '),
    ...(mgr.length === 0 ? {} : { mgr: mgr.join(', ') }),
  };
}

/** The users whose keyrings this host needs, each once. */
export function usersOf(ctx: HostContext): readonly Contributed<CephUserContribution>[] {
  const { name, roles } = ctx.host;
  const here = ctx
    .contributions('cephUser')
    .filter((each) => each.hosts.includes(name) && (each.roles?.some((role) => roles.includes(role)) ?? true));
  return [...new Map(here.map((each) => [each.user, each])).values()];
}
