// The shell scripts that build images. Constant texts: everything variable comes in as a positional parameter.
// They run under flock (one build of an image at a time), in mount and process namespaces of their own (a kill
// at any moment leaves no mount and no process) and rename the finished image into place at the very end.
// Manuals: mmdebstrap(1), unshare(1), mount(8) (overlay: volatile), invoke-rc.d(8) (policy-rc.d).

/** Parameters: final directory, building directory, then everything for mmdebstrap (the target is last but mirrors). */
export const BASE_SCRIPT = `
final=$1 build=$2
shift 2
[ -e "$final" ] && exit 0
rm -rf --one-file-system "$build"
mkdir -p "$build"
mmdebstrap "$@"
root=$build/root
rm -f "$root"/etc/ssh/ssh_host_* "$root"/etc/hostname "$root"/etc/resolv.conf
: > "$root"/etc/machine-id
: > "$root"/etc/resolv.conf
mkdir -p "$root"/etc/systemd/system/multi-user.target.wants
ln -sf /dev/null "$root"/etc/systemd/system/systemd-networkd-wait-online.service
ln -sf /usr/lib/systemd/system/systemd-networkd.service "$root"/etc/systemd/system/multi-user.target.wants/systemd-networkd.service
sync -f "$build"
mv -T "$build" "$final"
sync -f "$final"
`;

/** Parameters: final directory, building directory, root of the base, directory for packages, package names. */
export const LAYER_SCRIPT = `
final=$1 build=$2 base=$3 archives=$4
shift 4
[ -e "$final" ] && exit 0
rm -rf --one-file-system "$build"
mkdir -p "$build"/upper "$build"/work "$build"/root "$archives"/partial
root=$build/root
mount -t overlay hastack-golden -o "lowerdir=$base,upperdir=$build/upper,workdir=$build/work,volatile" "$root"
mount -t proc proc "$root"/proc
mount --rbind /dev "$root"/dev
mount -t tmpfs tmpfs "$root"/run
mount -t tmpfs tmpfs "$root"/tmp
mount --bind /etc/resolv.conf "$root"/etc/resolv.conf
mount --bind "$archives" "$root"/var/cache/apt/archives
printf '#!/bin/sh\\nexit 101\\n' > "$root"/usr/sbin/policy-rc.d
chmod 755 "$root"/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
chroot "$root" apt-get update
chroot "$root" apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io -o APT::Keep-Downloaded-Packages=true -- "$@"
rm -f "$root"/usr/sbin/policy-rc.d
# A golden image is a host on which nothing was configured yet: its services wait for the deployment.
units=$(cd "$build"/upper && find etc/systemd/system -type l '(' -name '*.service' -o -name '*.socket' ')' -path '*.wants/*' -printf '%f\\n' 2>/dev/null || true)
scripts=$(cd "$build"/upper && find etc/rc2.d -type l -name 'S*' -printf '%f\\n' 2>/dev/null | sed 's/^S[0-9]*//' || true)
for unit in $units $scripts; do chroot "$root" systemctl disable "$unit" || true; done
rm -rf "$root"/var/log/apt/* "$root"/var/lib/rabbitmq/.erlang.cookie
umount -R "$root"/dev "$root"/proc "$root"/run "$root"/tmp "$root"/etc/resolv.conf "$root"/var/cache/apt/archives
umount "$root"
rm -rf "$build"/work "$build"/root
sync -f "$build"
mv -T "$build" "$final"
sync -f "$final"
`;
