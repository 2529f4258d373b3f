#!/bin/sh
# Installs by apt, by name, what the lab and the tests need and this Debian machine has not. Says what and why.
# Asks apt for fresh lists once, only when something is missing. Starts no service and leaves none enabled.
# As root, or through sudo. Without apt (another system) it says what is missing and exits 1.
set -eu
PATH=$PATH:/usr/sbin:/sbin
export PATH DEBIAN_FRONTEND=noninteractive

missing=
policy=/usr/sbin/policy-rc.d
policy_is_ours=
apt_log=$(mktemp)

# need PACKAGE PROGRAM-OR-FILE REASON
need() {
  case $2 in
    /*) [ ! -e "$2" ] || return 0 ;;
    *) ! command -v "$2" >/dev/null 2>&1 || return 0 ;;
  esac
  printf '  %-26s %s\n' "$1" "$3"
  missing="$missing $1"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

cleanup() {
  [ -z "$policy_is_ours" ] || as_root rm -f "$policy"
  rm -f "$apt_log"
}

# apt-get, quiet unless it fails. A lock held by another apt (unattended-upgrades) is waited for.
apt() {
  as_root apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >"$apt_log" 2>&1 && return 0
  tail -n 25 "$apt_log" >&2
  echo "set-up: apt-get $1 failed, see above" >&2
  return 1
}

# Debian starts a service as its package is installed; the lab starts its own package cache, when it needs it.
keep_services_down() {
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  policy_is_ours=1
}

echo 'set-up: packages this machine has not'
need systemd-container systemd-nspawn 'twin hosts'
need mmdebstrap mmdebstrap 'the image twins are made of'
need debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg 'checks what the image is made of'
need nftables nft 'the networks of the lab'
need iproute2 ip 'the networks of the lab'
need openssh-client ssh 'how hosts are reached'
need util-linux nsenter 'entering the lab'
need mount losetup 'disks of twins'
need e2fsprogs mkfs.ext4 'disks of twins'
need apt-cacher-ng apt-cacher-ng 'keeps packages, so that twins fetch each one once'
need openssl openssl 'tests: certificates are checked with it'
need socat socat 'tests: health checks'
need tcpdump tcpdump 'tests: what a dead host sends'
need qemu-system-x86 qemu-system-x86_64 'tests: the image of instances boots'
need ca-certificates /etc/ssl/certs/ca-certificates.crt 'package sources over https'

if [ -z "$missing" ]; then
  echo '  none'
  rm -f "$apt_log"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "set-up: this is no Debian machine; install by hand:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
  echo "set-up: needs root; run: sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
keep_services_down
echo 'set-up: apt-get update'
apt update
echo "set-up: apt-get install$missing"
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing
case $missing in
  *apt-cacher-ng*) as_root systemctl disable apt-cacher-ng >/dev/null 2>&1 || true ;;
esac
echo 'set-up: done'
