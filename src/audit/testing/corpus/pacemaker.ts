// Corosync, Pacemaker and DRBD. Manuals: corosync.conf(5), votequorum(5), Pacemaker Explained, drbd.conf-9.0(5)
import type { Catalogue, FileTemplate } from './option.ts';

const pair = (name: string, value: string) => `<nvpair id="o-${name}" name="${name}" value="${value}"/>`;

export const PACEMAKER_OPTIONS: Catalogue = {
  'totem.token': { sound: ['token: 3000', 'token: 5000'], harmful: [{ text: 'token: 10000', why: 'members must agree', on: 'one' }] },
  'totem.consensus': { sound: ['consensus: 12000', ''], harmful: [] },
  'totem.crypto': { sound: ['crypto_cipher: aes256\n    crypto_hash: sha256'], harmful: [{ text: 'crypto_cipher: none\n    crypto_hash: none', why: 'anybody on the network may join' }] },
  'quorum.provider': { sound: ['provider: corosync_votequorum'], harmful: [{ text: '', why: 'no quorum at all' }] },
  'quorum.wait': { sound: ['two_node: 1\n    wait_for_all: 1', 'two_node: 1'], harmful: [{ text: 'two_node: 1\n    wait_for_all: 0', why: 'a cut-off node fences the other at boot' }, { text: '', why: 'two nodes without two_node' }, { text: 'two_node: 1\n    expected_votes: 3', why: 'there are two' }] },
  'corosync.links': { sound: ['ring1_addr'], harmful: [{ text: '#ring1_addr', why: 'one link between the members' }] },
  'corosync.second': { sound: ['ring0_addr: <member2>'], harmful: [{ text: 'ring0_addr: <member2-short>', why: 'an address with three numbers' }, { text: 'ring0_addr: 192.0.2.99', why: 'members have different lists', on: 'one' }] },
  'cib.stonith': { sound: [pair('stonith-enabled', 'true')], harmful: [{ text: pair('stonith-enabled', 'false'), why: 'nobody makes sure that a lost node is off' }] },
  'cib.quorum': { sound: ['', pair('no-quorum-policy', 'stop')], harmful: [{ text: pair('no-quorum-policy', 'ignore'), why: 'both sides go on' }] },
  'cib.maintenance': { sound: ['', pair('maintenance-mode', 'false')], harmful: [{ text: pair('maintenance-mode', 'true'), why: 'nothing is failed over' }] },
  'cib.timeout': { sound: [pair('stonith-timeout', '120s')], harmful: [{ text: pair('stonith-timeout', '10s'), why: 'shorter than the device needs' }] },
  'cib.delay': { sound: [pair('pcmk_delay_base', '5s')], harmful: [{ text: '', why: 'two nodes shoot each other at once' }] },
  'cib.hosts': { sound: [pair('pcmk_host_list', '<name1> <name2>')], harmful: [{ text: pair('pcmk_host_list', '<name1>'), why: 'no device for the second node' }] },
  'cib.ban': { sound: [''], harmful: [{ text: '<rsc_location id="cli-ban-vip-on-x" rsc="vip" node="<name1>" score="-INFINITY"/>', why: 'left behind by hand' }] },
  'cib.monitor': { sound: ['<op id="vip-monitor" name="monitor" interval="10s" timeout="20s"/>'], harmful: [{ text: '', why: 'a failure is never noticed' }] },
  'drbd.protocol': { sound: ['protocol C;', ''], harmful: [{ text: 'protocol A;', why: 'confirmed writes are lost with the primary' }] },
  'drbd.fencing': { sound: ['fencing resource-and-stonith;'], harmful: [{ text: 'fencing dont-care;', why: 'an outdated copy is promoted' }, { text: '', why: 'an outdated copy is promoted' }] },
  'drbd.handler': { sound: ['fence-peer "/usr/lib/drbd/crm-fence-peer.9.sh";\n    unfence-peer "/usr/lib/drbd/crm-unfence-peer.9.sh";'], harmful: [{ text: '', why: 'fencing without a handler' }] },
  'drbd.primaries': { sound: ['', 'allow-two-primaries no;'], harmful: [{ text: 'allow-two-primaries;', why: 'a file system mounted twice' }] },
  'drbd.second': { sound: ['address <member2>:7789;'], harmful: [{ text: 'address <member2-short>:7789;', why: 'an address with three numbers' }, { text: 'address <member1>:7789;', why: 'the address of the first host twice' }] },
  'sbd.watchdog': { sound: ['SBD_WATCHDOG_DEV=/dev/watchdog'], harmful: [{ text: 'SBD_WATCHDOG_DEV=/dev/null', why: 'nobody resets a node that hangs' }] },
}; // prettier-ignore

const node = (index: number, address: string) =>
  `    node {\n        name: <name${index}>\n        nodeid: ${index}\n        ${address}\n        {{corosync.links}}: 10.77.0.${index}\n    }\n`;

export const PACEMAKER_FILES: readonly FileTemplate[] = [
  {
    roles: ['pair'],
    path: 'etc/corosync/corosync.conf',
    loose: 'corosync-<name>.conf',
    text: `totem {\n    version: 2\n    cluster_name: site\n    transport: knet\n    {{totem.token}}\n    {{totem.consensus}}\n    {{totem.crypto}}\n}\n\nquorum {\n    {{quorum.provider}}\n    {{quorum.wait}}\n}\n\nnodelist {\n${node(1, 'ring0_addr: <member1>')}${node(2, '{{corosync.second}}')}}\n`,
  },
  {
    roles: ['pair'],
    path: 'var/lib/pacemaker/cib/cib.xml',
    text: `<cib epoch="9" num_updates="0" admin_epoch="0" validate-with="pacemaker-3.9">
  <configuration>
    <crm_config>
      <cluster_property_set id="options">
        {{cib.stonith}}
        {{cib.quorum}}
        {{cib.maintenance}}
        {{cib.timeout}}
      </cluster_property_set>
    </crm_config>
    <nodes>
      <node id="1" uname="<name1>"/>
      <node id="2" uname="<name2>"/>
    </nodes>
    <resources>
      <primitive id="fence" class="stonith" type="fence_ipmilan">
        <instance_attributes id="fence-a">
          {{cib.hosts}}
          {{cib.delay}}
        </instance_attributes>
      </primitive>
      <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
        <instance_attributes id="vip-a">
          <nvpair id="vip-ip" name="ip" value="<vip>"/>
        </instance_attributes>
        <operations>
          {{cib.monitor}}
        </operations>
      </primitive>
      <clone id="disk">
        <meta_attributes id="disk-m">
          <nvpair id="disk-p" name="promotable" value="true"/>
          <nvpair id="disk-i" name="interleave" value="true"/>
        </meta_attributes>
        <primitive id="r0" class="ocf" provider="linbit" type="drbd"/>
      </clone>
    </resources>
    <constraints>
      {{cib.ban}}
    </constraints>
  </configuration>
</cib>
`,
  },
  {
    roles: ['pair'],
    path: 'etc/drbd.d/r0.res',
    text: 'resource r0 {\n  device /dev/drbd0;\n  disk /dev/vg0/r0;\n  meta-disk internal;\n  net {\n    {{drbd.protocol}}\n    {{drbd.fencing}}\n    {{drbd.primaries}}\n  }\n  handlers {\n    {{drbd.handler}}\n  }\n  on <name1> {\n    node-id 0;\n    address <member1>:7789;\n  }\n  on <name2> {\n    node-id 1;\n    {{drbd.second}}\n  }\n}\n',
  },
  { roles: ['pair'], path: 'etc/default/sbd', text: 'SBD_PACEMAKER=yes\nSBD_STARTMODE=always\n{{sbd.watchdog}}\n' },
];
