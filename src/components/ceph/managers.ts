// Managers: one per monitor host, of which one is active and the others stand by, as Ceph itself decides. Without one
// I/O goes on, but what Ceph says of its placement groups is that of an earlier time.
// Manual: https://docs.ceph.com/en/reef/mgr/administrator/
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';

export function managerUnit(host: string): string {
  return `ceph-mgr@${host}`;
}

/** Its key is made by the monitors and stays on the host. */
export function managerResources({ host }: HostContext): readonly Resource[] {
  const data = `/var/lib/ceph/mgr/ceph-${host.name}`;
  const entity = `mgr.${host.name}`;
  return [
    runOnce({
      name: 'ceph-mgr-keyring',
      unless: sh`[ -s ${`${data}/keyring`} ]`,
      script: `${sh`install -d -o ceph -g ceph -m 750 -- ${data}`}
umask 077
${sh`timeout 60 ceph --connect-timeout 30 auth get-or-create ${entity} mon ${'allow profile mgr'} osd ${'allow *'} mds ${'allow *'} >${`${data}/keyring.new`}`}
${sh`chown ceph:ceph -- ${`${data}/keyring.new`}`}
${sh`mv -- ${`${data}/keyring.new`} ${`${data}/keyring`}`}`,
      timeout: 120,
    }),
    unit(managerUnit(host.name)),
  ];
}
