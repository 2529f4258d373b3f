// The shell scripts that build the guest image, in an overlay over the twins' base image: the tools come from
// Debian packages and nothing is installed on this machine. Constant texts; what varies are positional parameters.
// The same packages give the same bytes. Run like the golden images (golden.ts): locked, isolated, renamed at the end.
// Manuals: mtools(1), syslinux(1), modprobe(8), cpio(1) --reproducible.

/** Parameters: final directory, building directory, root of the base, directory for packages, then the texts. */
export const GUEST_SCRIPT = `
final=$1 build=$2 base=$3 archives=$4 init=$5 dhcp=$6 metadata=$7 inside=$8
[ -e "$final" ] && exit 0
rm -rf --one-file-system "$build"
mkdir -p "$build"/upper "$build"/work "$build"/root "$archives"/partial
root=$build/root
mount -t overlay hastack-guest -o "lowerdir=$base,upperdir=$build/upper,workdir=$build/work,volatile" "$root"
mount -t proc proc "$root"/proc
mount --rbind /dev "$root"/dev
mount -t tmpfs tmpfs "$root"/run
mount -t tmpfs -o mode=1777 tmpfs "$root"/tmp
mount --bind /etc/resolv.conf "$root"/etc/resolv.conf
mount --bind "$archives" "$root"/var/cache/apt/archives
printf '#!/bin/sh\\nexit 101\\n' > "$root"/usr/sbin/policy-rc.d
chmod 755 "$root"/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
chroot "$root" apt-get update
chroot "$root" apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io -o APT::Keep-Downloaded-Packages=true -- busybox-static cpio dropbear-bin kmod mtools syslinux syslinux-common xz-utils
kernel=$(chroot "$root" apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \\(linux-image-[0-9].*\\)/\\1/p' | head -n 1)
chroot "$root" apt-get install -y --download-only --no-install-recommends -o APT::Keep-Downloaded-Packages=true -- "$kernel"
printf '%s' "$init" > "$root"/tmp/init
printf '%s' "$dhcp" > "$root"/tmp/udhcpc.sh
printf '%s' "$metadata" > "$root"/tmp/metadata.sh
chroot "$root" sh -eu -c "$inside" guest "$kernel"
mv "$root"/tmp/guest.raw "$root"/tmp/version "$build"/
umount -R "$root"/dev "$root"/proc "$root"/run "$root"/tmp "$root"/etc/resolv.conf "$root"/var/cache/apt/archives
umount "$root"
rm -rf "$build"/upper "$build"/work "$build"/root
sync -f "$build"
mv -T "$build" "$final"
sync -f "$final"
`;

/** Runs in the overlay; parameter: name of the kernel's package. */
export const GUEST_INSIDE_SCRIPT = `
# Same input, same bytes: fixed times, sorted names, a fixed FAT serial number.
export SOURCE_DATE_EPOCH=1735689600 TZ=UTC LC_ALL=C
cd /tmp
mkdir -p kernel tree/bin tree/modules tree/root tree/etc/acpi/PWRF
dpkg-deb -x "$(ls -t /var/cache/apt/archives/"$1"_*.deb | head -n 1)" kernel
version=$(ls kernel/usr/lib/modules)
ln -s usr/lib kernel/lib
depmod -b /tmp/kernel "$version"
cp /usr/bin/busybox /usr/sbin/dropbear /usr/bin/dropbearkey tree/bin/
for library in $(ldd /usr/sbin/dropbear /usr/bin/dropbearkey | grep -o '/[^ :]*\\.so[^ :]*' | sort -u); do
  mkdir -p "tree\${library%/*}"
  cp -L "$library" "tree$library"
done
mv init tree/init
mv udhcpc.sh metadata.sh tree/etc/
printf '#!/bin/sh\\npoweroff -f\\n' > tree/etc/acpi/PWRF/00000080
chmod 755 tree/init tree/etc/*.sh tree/etc/acpi/PWRF/00000080
printf 'root:*:0:0:root:/root:/bin/sh\\n' > tree/etc/passwd
printf 'root:x:0:\\n' > tree/etc/group
# Order of loading: each module after those it needs; what is built in prints nothing.
for wanted in virtio_pci virtio_net virtio_blk virtio_scsi virtio_rng ata_piix ahci sd_mod sr_mod isofs nls_ascii vfat button evdev; do
  modprobe -d /tmp/kernel -S "$version" -D "$wanted" 2>/dev/null | sed -n 's/^insmod \\([^ ]*\\).*/\\1/p'
done | awk '!seen[$0]++' > modules
number=10
while read -r module; do
  name=\${module##*/}
  case $module in
    *.xz) xz -dc "$module" > "tree/modules/$number-\${name%.xz}" ;;
    *) cp "$module" "tree/modules/$number-$name" ;;
  esac
  number=$((number + 1))
done < modules
find tree -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
(cd tree && find . | sort | cpio --quiet --reproducible -o -H newc -R 0:0) | gzip -n -1 > initrd.gz
cp "kernel/boot/vmlinuz-$version" vmlinuz
printf '%s\\n' 'DEFAULT guest' 'PROMPT 0' 'TIMEOUT 0' 'LABEL guest' ' KERNEL vmlinuz' \\
  ' APPEND initrd=initrd.gz console=tty0 console=ttyS0,115200 quiet loglevel=3 no_timer_check mitigations=off net.ifnames=0 panic=10' > syslinux.cfg
touch -d "@$SOURCE_DATE_EPOCH" vmlinuz initrd.gz syslinux.cfg
mib=$(( ($(stat -c %s vmlinuz) + $(stat -c %s initrd.gz)) / 1048576 + 6 ))
sectors=$(( (mib - 1) * 2048 ))
truncate -s "\${mib}M" guest.raw
dd if=/usr/lib/syslinux/mbr/mbr.bin of=guest.raw conv=notrunc bs=440 count=1 status=none
# One active partition, type 0x0e (FAT16, LBA), from 1 MiB on.
python3 - "$sectors" <<'P'
import struct, sys
disk = open('guest.raw', 'r+b')
disk.seek(446)
disk.write(struct.pack('<B3sB3sII', 0x80, b'\\x20\\x21\\x00', 0x0e, b'\\xfe\\xff\\xff', 2048, int(sys.argv[1])))
disk.seek(510)
disk.write(b'\\x55\\xaa')
P
export MTOOLS_SKIP_CHECK=1
mformat -i guest.raw@@1048576 -T "$sectors" -h 255 -s 63 -H 2048 -N 48415354 -v GUEST ::
mcopy -m -i guest.raw@@1048576 vmlinuz initrd.gz syslinux.cfg ::
syslinux --install -t 1048576 guest.raw
printf '%s\\n' "$version" > version
`;
