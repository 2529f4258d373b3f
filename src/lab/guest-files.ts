// What is inside the guest image, besides kernel, busybox and dropbear: three shell scripts. Constant texts.
//   init         devices, DHCP on every card, ssh, a shell on the serial console (ttyS0), power button
//   udhcpc.sh    address, MTU and routes (also classless ones, RFC 3442) of a lease
//   metadata.sh  keys, name and user data, from the config drive or from 169.254.169.254; asked until it answers
// The image grows nothing and stores nothing: all of it runs from memory. Every step says a line on the console.
// Manuals: busybox(1), dropbear(8); OpenStack Compute user guide, "Metadata".

export const INIT = `#!/bin/busybox sh
# PID 1 of the guest: devices, DHCP, metadata (config drive or 169.254.169.254), ssh, a shell on the serial console.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /root/.ssh /sbin /usr/bin /usr/sbin /mnt /etc/dropbear /var/log
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
say() { echo "guest: $* ($(cut -d' ' -f1 /proc/uptime) s)"; }
say booted
for module in /modules/*; do insmod "$module" 2>/dev/null || say "module $module was not loaded"; done
mdev -s 2>/dev/null
chmod 700 /root/.ssh
hostname guest
ip link set lo up
for card in /sys/class/net/e*; do
  [ -e "$card" ] || continue
  card=\${card##*/}
  ip link set "$card" up
  udhcpc -i "$card" -b -t 5 -T 1 -A 2 -S -O mtu -O staticroutes -s /etc/udhcpc.sh >/dev/null 2>&1 &
done
(
  dropbearkey -t ed25519 -f /etc/dropbear/host_key >/dev/null 2>&1
  dropbear -s -r /etc/dropbear/host_key && say 'ssh listens'
) &
/etc/metadata.sh &
acpid >/dev/null 2>&1
while :; do
  setsid cttyhack sh -l </dev/ttyS0 >/dev/ttyS0 2>&1
  sleep 1
done
`;

export const UDHCPC_SCRIPT = `#!/bin/sh
case $1 in
  deconfig) ip address flush dev "$interface" ;;
  bound | renew)
    ip address replace "$ip/\${mask:-24}" dev "$interface"
    [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
    if [ -n "$staticroutes" ]; then
      # RFC 3442: with classless routes the router option is ignored.
      set -- $staticroutes
      while [ -n "$2" ]; do
        if [ "$2" = 0.0.0.0 ]; then ip route replace "$1" dev "$interface"; else ip route replace "$1" via "$2"; fi
        shift 2
      done
    else
      for gateway in $router; do ip route replace default via "$gateway"; done
    fi
    echo "guest: lease $ip on $interface" >/dev/console
    ;;
esac
`;

export const METADATA_SCRIPT = `#!/bin/sh
# Keys, name and user data of the instance: from the config drive when there is one, else by HTTP, until they come.
say() { echo "guest: $* ($(cut -d' ' -f1 /proc/uptime) s)" >/dev/console; }
into=/run/metadata
mkdir -p "$into"
from_drive() {
  for disk in /dev/sr0 /dev/vd[a-z] /dev/sd[a-z]; do
    [ -b "$disk" ] || continue
    for type in iso9660 vfat; do
      mount -r -t "$type" "$disk" /mnt 2>/dev/null || continue
      found=
      if [ -e /mnt/openstack/latest/meta_data.json ]; then
        cp /mnt/openstack/latest/meta_data.json /mnt/openstack/latest/user_data "$into"/ 2>/dev/null
        found=1
      fi
      umount /mnt
      [ -z "$found" ] || return 0
    done
  done
  return 1
}
from_http() {
  url=http://169.254.169.254/openstack/latest
  wget -q -T 5 -O "$into/meta_data.json" "$url/meta_data.json" || return 1
  wget -q -T 5 -O "$into/user_data" "$url/user_data" 2>/dev/null || rm -f "$into/user_data"
}
if from_drive; then
  source='config drive'
else
  until from_http; do sleep 1; done
  source=169.254.169.254
fi
echo "$source" >"$into/source"
grep -oE '"(ssh-[a-z0-9-]+|ecdsa-[a-z0-9-]+) [A-Za-z0-9+/=]+' "$into/meta_data.json" | tr -d '"' | sort -u >/root/.ssh/authorized_keys
chmod 600 /root/.ssh/authorized_keys
name=$(sed -n 's/.*"hostname": *"\\([A-Za-z0-9.-]*\\)".*/\\1/p' "$into/meta_data.json")
[ -z "$name" ] || hostname "\${name%%.*}"
say "metadata from $source, $(wc -l </root/.ssh/authorized_keys) keys"
if [ "$(head -c 2 "$into/user_data" 2>/dev/null)" = '#!' ]; then
  chmod 700 "$into/user_data"
  "$into/user_data" >/dev/console 2>&1
  say "user data ended with $?"
fi
`;
