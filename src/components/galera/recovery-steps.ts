// What `recover` does on a Galera member. Every script is safe to run twice, and safe to be killed in.
// A stuck joiner can hold `systemctl stop` for a long time: each stop has a deadline and then kills.
import type { RecoveryStep } from '../../model/recovery.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';

/** A full copy of a large database takes long. */
const JOIN_SECONDS = 900;
const BOOTSTRAP_SECONDS = 300;

const STOP = `
stop_mariadb() {
  timeout 60 systemctl stop mariadb.service || :
  systemctl kill --signal=KILL mariadb.service 2>/dev/null || :
  for i in $(seq 50); do pgrep -x mariadbd >/dev/null || return 0; [ "$i" != 25 ] || pkill -KILL -x mariadbd; sleep 0.2; done
  echo 'mariadbd does not end' >&2; exit 1
}
`;

export function stopStep(host: string): RecoveryStep {
  return { host, does: 'stop MariaDB, which serves nothing', script: { timeout: 120, text: `${STOP}stop_mariadb` } };
}

/**
 * Through the gate and its mark, as the first formation. With `fresh` the cluster gets a new UUID: members that were
 * not read may hold transactions with the same numbers and other contents, and must not catch up from their position.
 */
export function bootstrapStep(host: string, fresh: boolean): RecoveryStep {
  const identity = fresh
    ? `for each in grastate.dat gvwstate.dat galera.cache; do
  [ ! -e "$data/$each" ] || mv -f "$data/$each" "$data/$each.before-recover"
done`
    : `sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$data/grastate.dat"`;
  return {
    host,
    does: fresh ? 'start the cluster from this copy, under a new UUID' : 'start the cluster from this copy',
    script: {
      timeout: BOOTSTRAP_SECONDS + 30,
      text: `
data=/var/lib/mysql
if pgrep -x mariadbd >/dev/null; then echo 'mariadbd runs here meanwhile' >&2; exit 1; fi
${identity}
install -d -o mysql -g mysql -m 755 /run/mysqld
echo "_WSREP_NEW_CLUSTER='--wsrep-new-cluster'" > /run/mysqld/wsrep-new-cluster
chown mysql:mysql /run/mysqld/wsrep-new-cluster
${startUnitScript({ name: 'mariadb', startTimeout: BOOTSTRAP_SECONDS })}`,
    },
  };
}

export function joinStep(host: string): RecoveryStep {
  return { host, does: 'join the running cluster', script: { timeout: JOIN_SECONDS + 120, text: JOIN } };
}

const JOIN = `${STOP}
[ -d /var/lib/mysql ] || install -d -o mysql -g mysql -m 755 /var/lib/mysql
if ! (${startUnitScript({ name: 'mariadb', startTimeout: JOIN_SECONDS })}
); then stop_mariadb; exit 1; fi`;

/** The old data stay beside the new ones; the last two sets are kept. */
export function setAsideStep(host: string, why: string): RecoveryStep {
  return {
    host,
    does: 'set its data aside and take a full copy from the running cluster',
    destroys: `the data of ${host} (${why}) are moved to /var/lib/mysql.aside-<time>; all but the newest two such directories are deleted`,
    script: {
      timeout: JOIN_SECONDS + 240,
      text: `${STOP}
data=/var/lib/mysql
if mountpoint -q $data; then
  echo "$data is a file system of its own: move what is in it away by hand, then run recover again" >&2; exit 1
fi
stop_mariadb
new=$data.empty
rm -rf $new; install -d -o mysql -g mysql -m 755 $new
# Both renames within one file system: a kill in between leaves a directory that is missing, and the next run makes it.
[ ! -d $data ] || mv -T $data "$data.aside-$(date -u +%Y%m%dT%H%M%SZ)"
mv -T $new $data
ls -d $data.aside-* | sort | head -n -2 | while IFS= read -r old; do rm -rf "$old"; done
${JOIN.slice(STOP.length)}`,
    },
  };
}
