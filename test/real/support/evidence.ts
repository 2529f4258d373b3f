// What proves that something was, or was not, touched on the twins: invocations of units, inodes and times of files.
import type { Deployment } from './deployment.ts';

/** `ctl1 mariadb.service` → InvocationID, of every unit that has one and is not short-lived. */
export async function invocations(of: Deployment): Promise<ReadonlyMap<string, string>> {
  const show = `for u in $(systemctl list-units --plain --no-legend --state=active --type=service,socket,timer | awk '{print $1}'); do
    printf '%s %s\\n' "$u" "$(systemctl show -P InvocationID "$u")"; done`;
  const found = new Map<string, string>();
  for (const [host, text] of await of.onAll(show)) {
    for (const line of text.split('\n')) {
      const [unit = '', id = ''] = line.split(' ');
      if (id !== '' && !SHORT_LIVED.test(unit)) found.set(`${host} ${unit}`, id);
    }
  }
  return found;
}

/** Those of Debian or of sessions that come and go by themselves. */
const SHORT_LIVED =
  /^(session-|user|systemd-tmpfiles|apt-daily|dpkg-|e2scrub|fstrim|logrotate|man-db|systemd-hostnamed|systemd-timedated|hastack-galera-rejoin\.service)/;

/** `ctl1 /etc/hosts` → inode and time of change, of everything hastack writes below these directories. */
export async function files(of: Deployment): Promise<ReadonlyMap<string, string>> {
  const script = `find /etc /usr/local /var/lib/hastack /var/lib/rabbitmq/.erlang.cookie -xdev \\( -type f -o -type d -o -type l \\) -printf '%i %T@ %m %u %p\\n'`;
  const found = new Map<string, string>();
  for (const [host, text] of await of.onAll(script)) {
    for (const line of text.trim().split('\n')) {
      const [inode, time, mode, user, ...path] = line.split(' ');
      const name = path.join(' ');
      // systemd's own set-up of credentials and the like is not here; the lock's directory is.
      if (!name.startsWith('/var/lib/hastack/lock')) found.set(`${host} ${name}`, [inode, time, mode, user].join(' '));
    }
  }
  return found;
}

/** Keys whose values differ, or that only one of them has. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).toSorted();
}
