// libvirtd and QEMU on a compute host: who may talk to libvirtd, and TLS for live migration.
// Local sockets are for root and the group libvirt, as sockets' modes say; nobody is asked for a password, so polkit is
// not needed. From other hosts only compute hosts with a certificate of our CA are let in, on this host's address.
// Manual: https://libvirt.org/kbase/tlscerts.html, https://libvirt.org/migration.html, comments of qemu.conf
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory, file, symlink } from '../../resources/file.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';
import { sh } from '../../remote/shell.ts';
import { bracketed, tlsFiles } from '../oslo/ovn.ts';
import { CEPH_SECRET, CEPH_UUID_SECRET, withCeph } from './config.ts';

export const LIBVIRT_TLS_PORT = 16_514;
/** QEMU takes a free one of these for the memory of a guest that arrives. */
export const MIGRATION_PORTS = { first: 49_152, last: 49_215 } as const;
export const LIBVIRT_CERTIFICATE = 'libvirt';
export const QEMU_CERTIFICATE = 'qemu';
export const SOCKETS = ['libvirtd', 'libvirtd-ro', 'libvirtd-admin', 'libvirtd-tls'] as const;

const LIBVIRTD = ['unit:libvirtd'];
const QEMU_TLS = '/etc/hastack/tls-qemu';

export function libvirtFiles(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/libvirt/libvirtd.conf',
      format: 'libvirt',
      tree: libvirtdConf(ctx),
      notifies: LIBVIRTD,
    }),
    configFile(ctx, { path: '/etc/libvirt/qemu.conf', format: 'libvirt', tree: QEMU_CONF, notifies: LIBVIRTD }),
    ...socketDropIns(ctx),
    ...clientTls(),
    ...qemuTls(),
  ];
}

function libvirtdConf(ctx: HostContext): ConfigTree {
  const { key, certificate, ca } = tlsFiles(LIBVIRT_CERTIFICATE);
  return {
    '': {
      auth_unix_ro: 'none',
      auth_unix_rw: 'none',
      auth_tls: 'none',
      key_file: key,
      cert_file: certificate,
      ca_file: ca,
      tls_allowed_dn_list: ctx.members('nova-compute').map(({ name }) => `CN=${name}`),
      // Boards of one series may share the UUID that they tell; libvirt refuses to migrate to itself.
      host_uuid_source: 'machine-id',
    },
  };
}

const QEMU_CONF: ConfigTree = {
  '': {
    migrate_tls_x509_cert_dir: QEMU_TLS,
    migrate_tls_x509_verify: 1,
    migration_port_min: MIGRATION_PORTS.first,
    migration_port_max: MIGRATION_PORTS.last,
  },
};

function socketDropIns(ctx: HostContext): readonly Resource[] {
  const local = { Socket: { SocketMode: '0660', SocketGroup: 'libvirt' } };
  const remote = {
    Socket: { ListenStream: ['', `${bracketed(ctx.address('internal'))}:${LIBVIRT_TLS_PORT}`], FreeBind: 'yes' },
  };
  return SOCKETS.filter((name) => name !== 'libvirtd-admin').map((name) =>
    configFile(ctx, {
      path: `/etc/systemd/system/${name}.socket.d/hastack.conf`,
      format: 'systemd',
      tree: name === 'libvirtd-tls' ? remote : local,
    }),
  );
}

/** Where libvirt looks for the certificate with which it goes to another host. */
function clientTls(): readonly Resource[] {
  const { key, certificate, ca } = tlsFiles(LIBVIRT_CERTIFICATE);
  return [
    symlink({ path: '/etc/pki/CA/cacert.pem', target: ca }),
    symlink({ path: '/etc/pki/libvirt/clientcert.pem', target: certificate }),
    symlink({ path: '/etc/pki/libvirt/private/clientkey.pem', target: key }),
  ];
}

/** QEMU wants its files under these names in one directory; AppArmor must let it read what they stand for. */
function qemuTls(): readonly Resource[] {
  const { key, certificate, ca } = tlsFiles(QEMU_CERTIFICATE);
  return [
    directory({ path: QEMU_TLS }),
    symlink({ path: `${QEMU_TLS}/ca-cert.pem`, target: ca }),
    ...['server', 'client'].flatMap((side) => [
      symlink({ path: `${QEMU_TLS}/${side}-cert.pem`, target: certificate }),
      symlink({ path: `${QEMU_TLS}/${side}-key.pem`, target: key }),
    ]),
    file({
      path: '/etc/apparmor.d/local/abstractions/libvirt-qemu',
      content: `# Written by hastack: certificates of live migration.\n${QEMU_TLS}/ r,\n${QEMU_TLS}/** r,\n${ca} r,\n${certificate} r,\n${key} r,\n`,
    }),
  ];
}

/** Sockets first: systemd does not open a socket of a daemon that already runs. They are left alone later. */
export function libvirtUnits(): readonly Resource[] {
  return [...SOCKETS.map((name) => unit(`${name}.socket`, { onChange: 'nothing' })), unit('libvirtd')];
}

/** libvirt hands the key of Ceph to QEMU itself; it never stands in an instance's definition. */
export function cephKey(ctx: HostContext): readonly Resource[] {
  if (!withCeph(ctx)) return [];
  const uuid = ctx.secret(CEPH_UUID_SECRET);
  const [xml, key] = ['/etc/hastack/libvirt-ceph.xml', '/etc/hastack/libvirt-ceph.key'];
  return [
    file({
      path: xml,
      content: `<secret ephemeral='no' private='no'><uuid>${uuid}</uuid><usage type='ceph'><name>client.nova secret</name></usage></secret>\n`,
      mode: '0640',
    }),
    file({ path: key, content: ctx.secret(CEPH_SECRET), mode: '0600', secret: true }),
    runOnce({
      name: 'libvirt-ceph-key',
      unless: sh`[ -s ${key} ] && [ "$(virsh -c qemu:///system secret-get-value ${uuid})" = "$(cat ${key})" ]`,
      script: sh`virsh -c qemu:///system secret-define ${xml}
virsh -c qemu:///system secret-set-value --secret ${uuid} --file ${key}`,
      timeout: 60,
    }),
  ];
}
