// Samples of the ST and IH rules.
import type { Samples, Tree } from './sample.ts';

const ceph = (lines: string): Tree => ({ 'etc/ceph/ceph.conf': `[global]\n${lines}\n` });
const drbd = (lines: string, mark = '', hosts = ''): Tree => ({
  'etc/drbd.d/r0.res': `${mark}resource r0 {\n${lines}\n${hosts}}\n`,
});
const PROMOTE: Tree = {
  'cib.xml':
    '<cib><configuration><resources><primitive id="d" class="ocf" provider="linbit" type="drbd"/></resources></configuration></cib>\n',
};
const THREE = ' on a {\n }\n on b {\n }\n on c {\n }\n';
const masakari = (lines: string, mark = ''): Tree => ({ 'etc/masakari/masakari.conf': `${mark}[DEFAULT]\n${lines}\n` });
const monitor = (lines: string): Tree => ({ 'etc/masakarimonitors/masakarimonitors.conf': `[host]\n${lines}\n` });
const nova = (text: string): Tree => ({ 'etc/nova/nova.conf': `${text}\n` });
const cib = (resources: string): Tree => ({
  'cib.xml': `<cib>\n<configuration><resources>${resources}</resources></configuration></cib>\n`,
});
const NONE: Tree = { 'etc/hosts': '127.0.0.1 localhost\n' };

export const STORAGE: Samples = {
  ST01: {
    bad: ceph('osd pool default size = 3\n«osd pool default min size = 1'),
    good: [ceph('osd_pool_default_size = 3\nosd_pool_default_min_size = 2'), ceph('osd_pool_default_min_size = 0')],
  },
  ST02: {
    bad: ceph('«mon_host = 10.0.0.1,10.0.0.2'),
    good: ceph('mon_host = [v2:10.0.0.1:3300,v1:10.0.0.1:6789],[v2:10.0.0.2:3300,v1:10.0.0.2:6789],10.0.0.3'),
  },
  ST03: { bad: ceph('«osd_crush_chooseleaf_type = 0'), good: ceph('osd_crush_chooseleaf_type = 1') },
  ST04: {
    bad: { ...drbd(' net {\n  «fencing dont-care;\n }'), ...PROMOTE },
    good: [
      { ...drbd(' net {\n  fencing resource-only;\n }'), ...PROMOTE },
      drbd(' net {\n }'),
      { ...drbd(' options {\n  quorum majority;\n }'), ...PROMOTE },
    ],
  },
  ST05: { bad: drbd(' net {\n  «allow-two-primaries;\n }'), good: drbd(' net {\n  allow-two-primaries no;\n }') },
  ST06: {
    bad: drbd(' disk {\n  «fencing resource-and-stonith;\n }'),
    good: drbd(
      ' disk {\n  fencing resource-and-stonith;\n }\n handlers {\n  fence-peer "/usr/lib/drbd/crm-fence-peer.9.sh";\n }',
    ),
  },
  ST07: {
    bad: { ...drbd(' «protocol A;'), 'etc/drbd.d/r1.res': `«resource r1 {\n${THREE}}\n` },
    good: [drbd(' protocol C;'), drbd(' options {\n  quorum majority;\n }', '', THREE)],
  },
  ST08: {
    bad: drbd(' net {\n  after-sb-0pri discard-zero-changes;\n  «after-sb-1pri discard-secondary;\n }'),
    good: [
      drbd(' net {\n  after-sb-1pri disconnect;\n }'),
      drbd(' net {\n  fencing resource-and-stonith;\n  after-sb-1pri discard-secondary;\n }'),
    ],
  },
  ST09: {
    bad: { 'etc/exports': '/srv «10.0.0.0/24(rw,async)\n' },
    good: { 'etc/exports': '/srv 10.0.0.0/24(rw,sync)\n' },
  },
  IH01: {
    bad: { ...masakari(''), 'cib.xml': '<cib>\n«<configuration><resources/></configuration></cib>\n' },
    good: { ...masakari(''), ...cib('<primitive id="f" class="stonith" type="fence_x"/>') },
  },
  IH02: {
    bad: { ...masakari('«wait_period_after_service_update = 30'), ...nova('[DEFAULT]\nservice_down_time = 120') },
    good: { ...masakari('wait_period_after_service_update = 130'), ...nova('[DEFAULT]\nservice_down_time = 120') },
  },
  IH03: {
    bad: { ...masakari('«wait_period_after_service_update = 180'), ...nova('[DEFAULT]') },
    good: { ...masakari('wait_period_after_service_update = 120'), ...nova('[DEFAULT]') },
  },
  IH04: { bad: monitor('«disable_ipmi_check = true'), good: monitor('disable_ipmi_check = false') },
  IH05: { bad: monitor('«monitoring_samples = 1'), good: monitor('monitoring_samples = 3') },
  IH06: {
    bad: {
      'a/etc/masakari/masakari.conf': '«[DEFAULT]\n',
      'b/etc/masakari/masakari.conf': '[coordination]\nbackend_url = etcd3://x\n',
    },
    good: masakari(''),
  },
  IH07: {
    bad: { ...masakari(''), ...nova('[libvirt]\n«images_type = qcow2') },
    good: [{ ...masakari(''), ...nova('[libvirt]\nimages_type = rbd') }, nova('[libvirt]\nimages_type = qcow2')],
  },
  IH08: { bad: masakari(''), good: NONE, undecided: true },
  IH09: { bad: masakari(''), good: NONE, undecided: true },
  IH10: {
    bad: { ...monitor('«restrict_to_remotes = true'), ...cib('') },
    good: {
      ...monitor('restrict_to_remotes = true'),
      ...cib('<primitive id="c" class="ocf" provider="pacemaker" type="remote"/>'),
    },
  },
  IH11: { bad: masakari(''), good: NONE, undecided: true },
  IH12: { bad: masakari('«host_failure_recovery_threads = 1'), good: masakari('host_failure_recovery_threads = 3') },
  IH13: { bad: masakari(''), good: NONE, undecided: true },
  IH14: { bad: masakari(''), good: NONE, undecided: true },
};
