// Drop-ins of Ceph's units. Manual: systemd.service(5).
import type { ConfigTree } from '../../formats/config-tree.ts';

/**
 * A daemon that is killed now and then comes back each time: Debian's units give up after three to five starts in half
 * an hour. One that cannot live is still given up.
 */
export const RESTARTS: ConfigTree = {
  Unit: { StartLimitIntervalSec: '30min', StartLimitBurst: '30' },
  Service: { Restart: 'always', RestartSec: '5s' },
};

/** A disk belongs to root again after each boot; the daemon runs as ceph. */
export const OSD_DROP_IN: ConfigTree = {
  ...RESTARTS,
  Service: { ...RESTARTS['Service'], ExecStartPre: '+/usr/bin/chown ceph:ceph /var/lib/ceph/osd/ceph-%i/block' },
};
