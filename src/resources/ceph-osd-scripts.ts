// The shell of the ceph-osd kind. Secrets (the key of a new OSD) are made on the host and stay there, in files that
// only root or ceph can read; none is in an argument list.
import { sh } from '../remote/shell.ts';
import type { CephOsdDesired } from './ceph-osd.ts';
import { END_MARK } from './script.ts';

/** What was begun on a device: its uuid, until the OSD is made also its key. */
const NOTES = '/var/lib/hastack/ceph-osd';
const BOOTSTRAP = '--name client.bootstrap-osd --keyring /var/lib/ceph/bootstrap-osd/ceph.keyring';

/** One record per device; see parseOsd. Nothing is written. */
export function readOsdsScript(items: readonly CephOsdDesired[]): string {
  return [
    FUNCTIONS,
    ...items.map((item, index) => sh`printf '%s ' ${index}; look ${item.device} ${notes(item)}`),
    `echo ${END_MARK}`,
    '',
  ].join('\n');
}

export function applyOsdScript(desired: CephOsdDesired): string {
  const { device, fileMiB } = desired;
  return `${FUNCTIONS}
${sh`dev=${device}; notes=${notes(desired)}; size=${fileMiB ?? 0}`}
find_osd "$dev"
if [ -z "$id" ] || [ ! -e "/var/lib/ceph/osd/ceph-$id/ready" ]; then make_osd; fi
rm -f -- "$notes/key"
systemctl daemon-reload
systemctl --quiet enable "ceph-osd@$id.service" </dev/null
systemctl reset-failed "ceph-osd@$id.service" </dev/null 2>/dev/null || :
systemctl start "ceph-osd@$id.service" </dev/null
`;
}

function notes({ device }: CephOsdDesired): string {
  return `${NOTES}/${device.slice(1).replaceAll('/', '-')}`;
}

// `look` says one line; `why_used` says what is on a device, nothing when it is empty.
const FUNCTIONS = `find_osd() {
  id=; real=$(readlink -f -- "$1" || :)
  for d in /var/lib/ceph/osd/ceph-*; do
    [ -L "$d/block" ] || continue
    [ "$(readlink -f -- "$d/block")" != "$real" ] || id=\${d##*-}
  done
}
why_used() {
  if [ -b "$1" ]; then
    kname=\${real##*/}
    if [ -n "$(lsblk -n -o NAME -- "$real" | sed 1d)" ]; then echo 'partitions or volumes'; return; fi
    if grep -q "^$real " /proc/mounts /proc/swaps; then echo 'mounted'; return; fi
    if [ -n "$(ls -A "/sys/class/block/$kname/holders" 2>/dev/null)" ]; then echo 'in use'; return; fi
  elif [ ! -f "$1" ]; then echo 'no disk and no file'; return
  elif [ ! -s "$1" ]; then return
  fi
  signatures=$(wipefs --no-act --noheadings --output TYPE -- "$1" | sort -u | tr '\\n' ' ')
  if [ -n "$signatures" ]; then echo "$signatures" | sed 's/ *$//'; return; fi
  # Data without a signature: new and wiped disks begin with zeros.
  [ "$(head -c 1048576 -- "$1" | tr -d '\\0' | wc -c)" = 0 ] || echo 'unknown data'
}
look() {
  find_osd "$1"
  if [ -n "$id" ]; then
    ready=unfinished; [ ! -e "/var/lib/ceph/osd/ceph-$id/ready" ] || ready=ready
    echo "osd $id $ready $(systemctl is-enabled "ceph-osd@$id.service" 2>/dev/null || :) $(systemctl is-active "ceph-osd@$id.service" 2>/dev/null || :)"
  elif [ -e "$2/uuid" ]; then echo begun
  elif [ ! -e "$1" ]; then
    case "$1" in /dev/*) echo missing ;; *) echo empty ;; esac
  else
    used=$(why_used "$1")
    if [ -z "$used" ]; then echo empty; else echo "used $used"; fi
  fi
}
refuse() { echo "$dev is not made an OSD: $1" >&2; exit 1; }
begin_osd() {
  case "$dev" in
  /dev/*) [ -e "$dev" ] || refuse 'there is no such device' ;;
  *) if [ ! -e "$dev" ]; then (umask 022; mkdir -p -- "\${dev%/*}"); truncate -s "\${size}M" -- "$dev"; fi ;;
  esac
  used=$(why_used "$dev")
  [ -z "$used" ] || refuse "it is not empty ($used). To give it to Ceph, empty it by hand: blkdiscard -f, or wipefs -a and zeros over its beginning"
  (umask 077; mkdir -p -- "$notes"; ceph-authtool --gen-print-key >"$notes/key"
  cat /proc/sys/kernel/random/uuid >"$notes/uuid.new")
  sync -- "$notes/key" "$notes/uuid.new"; mv -- "$notes/uuid.new" "$notes/uuid"
}
# The name of a disk that stays the same when others are added.
stable_name() {
  for link in /dev/disk/by-id/wwn-* /dev/disk/by-id/nvme-* /dev/disk/by-id/*; do
    if [ -e "$link" ] && [ "$(readlink -f -- "$link")" = "$real" ]; then echo "$link"; return; fi
  done
  echo "$dev"
}
make_osd() {
  [ -e "$notes/uuid" ] || begin_osd
  real=$(readlink -f -- "$dev")
  uuid=$(cat "$notes/uuid"); key=$(cat "$notes/key")
  id=$(printf '{"cephx_secret": "%s"}' "$key" | timeout 60 ceph ${BOOTSTRAP} --connect-timeout 30 -i - osd new "$uuid")
  case "$id" in '' | *[!0-9]*) refuse "the monitors gave no number ($id)" ;; esac
  data="/var/lib/ceph/osd/ceph-$id"
  install -d -o ceph -g ceph -m 750 -- "$data"
  (umask 077; printf '[osd.%s]\\n\\tkey = %s\\n' "$id" "$key" >"$data/keyring")
  chown ceph:ceph -- "$data/keyring" "$real"
  ln -sfn -- "$(stable_name)" "$data/block"
  runuser -u ceph -- ceph-osd -i "$id" --mkfs --osd-uuid "$uuid" </dev/null >&2
}`;
