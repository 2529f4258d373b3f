// Samples of the PC rules.
import type { Samples, Tree } from './sample.ts';

const COROSYNC = 'etc/corosync/corosync.conf';
const node = (index: number, rings = 2, mark = ''): string =>
  ` ${mark}node {\n  ring0_addr: 10.0.0.${index}\n${rings > 1 ? `  ring1_addr: 10.0.1.${index}\n` : ''} }\n`;
const nodelist = (count: number): string =>
  `nodelist {\n${Array.from({ length: count }, (_, index) => node(index + 1)).join('')}}\n`;
const corosync = (text: string): Tree => ({ [COROSYNC]: text });
const quorum = (lines: string, count: number, mark = ''): Tree =>
  corosync(`${mark}quorum {\n${lines}}\n${nodelist(count)}`);

const cib = (parts: string): Tree => ({ 'cib.xml': `<cib><configuration>\n${parts}\n</configuration></cib>\n` });
const property = (name: string, value: string, mark = ''): string =>
  `<crm_config><cluster_property_set>\n<nvpair name="${mark}${name}" value="${value}"/>\n</cluster_property_set></crm_config>`;
const pair = (name: string, value: string, mark = ''): string => `<nvpair name="${mark}${name}" value="${value}"/>`;
const fence = (attributes = '', mark = ''): string =>
  `<resources>\n${mark}<primitive id="f" class="stonith" type="fence_x"><instance_attributes>${attributes}</instance_attributes></primitive>\n</resources>`;
const nodes = (...names: readonly string[]): string =>
  `<nodes>${names.map((name) => `${name.startsWith('«') ? '«' : ''}<node uname="${name.replace('«', '')}"/>`).join('\n')}</nodes>`;
const primitive = (inside: string, agent = 'type="x"'): string =>
  `<resources><primitive id="p" class="ocf" provider="heartbeat" ${agent}>${inside}</primitive></resources>`;
const clone = (meta: string, mark = ''): string =>
  `<resources>${mark}<clone id="c"><meta_attributes>${meta}</meta_attributes><primitive id="p" class="ocf" type="x"/></clone></resources>\n` +
  '<constraints><rsc_order id="o" first="c" then="d"/></constraints>';
const sbd = (text: string): Tree => ({ 'etc/default/sbd': text });

export const PACEMAKER: Samples = {
  PC01: {
    bad: { 'pcs-config.txt': 'Cluster Name: x\nCluster Properties:\n «stonith-enabled: false\n' },
    good: [cib(property('stonith-enabled', 'true')), cib(property('startup-fencing', 'false'))],
  },
  PC02: {
    bad: cib(`${nodes('a', '«b')}${fence(pair('pcmk_host_list', 'a'))}`),
    good: [cib(`${nodes('a', 'b')}${fence(pair('pcmk_host_map', 'a:1;b:2'))}`), cib(nodes('a', 'b'))],
  },
  PC03: { bad: cib(fence()), good: cib(primitive('')), undecided: true },
  PC04: { bad: cib(fence(pair('method', 'cycle', '«'))), good: cib(fence(pair('method', 'onoff'))) },
  PC05: { bad: quorum(' provider: x\n', 2, '«'), good: [quorum(' two_node: 1\n', 2), quorum(' provider: x\n', 3)] },
  PC06: { bad: quorum(' two_node: 1\n «wait_for_all: 0\n', 2), good: quorum(' two_node: 1\n', 2) },
  PC07: { bad: quorum(' «two_node: 1\n «expected_votes: 2\n', 3), good: quorum(' expected_votes: 3\n', 3) },
  PC08: { bad: quorum(' provider: x\n', 4, '«'), good: [quorum(' device {\n }\n', 4), quorum(' provider: x\n', 3)] },
  PC09: {
    bad: corosync(`totem {\n token: 5000\n «consensus: 5000\n}\n${nodelist(3)}`),
    good: corosync(`totem {\n token: 5000\n consensus: 6000\n}\n${nodelist(3)}`),
  },
  PC10: {
    bad: { [`a/${COROSYNC}`]: 'totem {\n token: 3000\n}\n', [`b/${COROSYNC}`]: 'totem {\n «token: 5000\n}\n' },
    good: { [`a/${COROSYNC}`]: 'totem {\n token: 3000\n}\n', [`b/${COROSYNC}`]: 'totem {\n version: 2\n}\n' },
  },
  PC11: { bad: corosync(`nodelist {\n${node(1, 1, '«')}${node(2, 1)}}\n`), good: corosync(nodelist(2)) },
  PC12: {
    bad: { [`a/${COROSYNC}`]: 'totem {\n}\n', [`b/${COROSYNC}`]: '«totem {\n version: 2\n}\n' },
    good: { [`a/${COROSYNC}`]: 'totem {\n}\n', [`b/${COROSYNC}`]: '# other\ntotem {\n  }\n' },
  },
  PC13: {
    bad: cib('<constraints><rsc_location «id="cli-ban-p-on-a" rsc="p"/></constraints>'),
    good: cib('<constraints><rsc_location id="prefer-a" rsc="p"/></constraints>'),
  },
  PC14: {
    bad: cib(`${nodes('a', 'b')}${fence('', '«')}`),
    good: [cib(`${nodes('a', 'b')}${fence(pair('pcmk_delay_base', '5s'))}`), cib(`${nodes('a', 'b', 'c')}${fence()}`)],
  },
  PC15: {
    bad: cib(`${property('stonith-timeout', '60s', '«')}${fence(pair('pcmk_reboot_timeout', '2min'))}`),
    good: cib(`${property('stonith-timeout', '150s')}${fence(pair('pcmk_reboot_timeout', '2min'))}`),
  },
  PC16: { bad: cib(property('no-quorum-policy', 'ignore', '«')), good: cib(property('no-quorum-policy', 'freeze')) },
  PC17: {
    bad: sbd('«SBD_DEVICE="/dev/a;/dev/b"\n'),
    good: [sbd('SBD_DEVICE="/dev/a;/dev/b;/dev/c"\n'), sbd('SBD_DEVICE="/dev/a"\n')],
  },
  PC18: {
    bad: sbd('SBD_DEVICE="/dev/a"\n«SBD_WATCHDOG_DEV=/dev/null\n'),
    good: sbd('SBD_DEVICE="/dev/a"\nSBD_WATCHDOG_DEV=/dev/watchdog\n'),
  },
  PC19: { bad: cib(clone('', '«')), good: cib(clone(pair('interleave', 'true'))) },
  PC20: {
    bad: cib(primitive(`<meta_attributes>${pair('failure-timeout', '30s', '«')}</meta_attributes>`)),
    good: cib(primitive(`<meta_attributes>${pair('failure-timeout', '10min')}</meta_attributes>`)),
  },
  PC21: {
    bad: cib(primitive('<operations><op name="start" «timeout="90s"/></operations>', 'type="galera"')),
    good: cib(primitive('<operations><op name="start" timeout="300s"/></operations>', 'type="galera"')),
  },
  PC22: { bad: cib(property('maintenance-mode', 'true', '«')), good: cib(property('maintenance-mode', 'false')) },
  PC23: {
    bad: corosync(nodelist(17).replace(' node {\n  ring0_addr: 10.0.0.17\n', ' «node {\n  ring0_addr: 10.0.0.17\n')),
    good: corosync(nodelist(16)),
  },
  PC24: {
    bad: {
      ...cib('<resources>«<primitive id="p" class="systemd" type="haproxy"/></resources>'),
      'etc/systemd/system/multi-user.target.wants/haproxy.service -> x': '',
    },
    good: cib('<resources><primitive id="p" class="systemd" type="haproxy"/></resources>'),
  },
  PC25: { bad: cib(fence()), good: { 'etc/hosts': '127.0.0.1 localhost\n' }, undecided: true },
  PC26: {
    bad: { ...corosync('nodelist {\n node {\n  «ring0_addr: ctl1\n }\n}\n'), 'etc/hosts': '10.0.0.2 ctl2\n' },
    good: [
      { ...corosync('nodelist {\n node {\n  ring0_addr: ctl1\n }\n}\n'), 'etc/hosts': '10.0.0.1 ctl1.x ctl1\n' },
      { ...corosync(nodelist(2)), 'etc/hosts': '10.0.0.2 ctl2\n' },
    ],
  },
};
