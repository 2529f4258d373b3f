// The health check that HAProxy asks (port 9200) and the gate in front of MariaDB's start.
//
// galera-check answers from one persistent local connection, so a frozen or non-primary mariadbd is seen:
//   GET /         200 when this member may take writes (primary, synced, or donor of a non-blocking SST)
//   GET /primary  200 when it belongs to a primary component, so that others may join it
// galera-gate (ExecCondition) lets MariaDB start only when a peer is primary, or when this host was just told
// to form the cluster; so a host that boots alone never hangs in `activating` and never forms a second cluster.
// Data of another cluster stay as they are: joining would overwrite them, and `recover` sets them aside first.
export const CHECK_PORT = 9200;

export const CHECK_SCRIPT = `#!/usr/bin/python3
"""Answers whether this Galera member may be used. Written by hastack; local changes are overwritten."""
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pymysql

SOCKET = "/run/mysqld/mysqld.sock"
QUERY = (
    "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN "
    "('WSREP_READY','WSREP_CLUSTER_STATUS','WSREP_LOCAL_STATE','WSREP_CLUSTER_SIZE','WSREP_CLUSTER_STATE_UUID') "
    "UNION SELECT 'READ_ONLY', @@global.read_only"
)
LOCK = threading.Lock()
CONNECTION = None


def read_state():
    """One query over the kept connection; a new connection after any error."""
    global CONNECTION
    with LOCK:
        try:
            if CONNECTION is None:
                CONNECTION = pymysql.connect(
                    unix_socket=SOCKET, user="mysql", connect_timeout=1, read_timeout=1, write_timeout=1, autocommit=True
                )
            with CONNECTION.cursor() as cursor:
                cursor.execute(QUERY)
                return {str(name).upper(): str(value) for name, value in cursor.fetchall()}
        except Exception:
            if CONNECTION is not None:
                try:
                    CONNECTION._force_close()
                except Exception:
                    pass
            CONNECTION = None
            raise


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            state = read_state()
            primary = state.get("WSREP_CLUSTER_STATUS") == "Primary" and state.get("WSREP_READY") == "ON"
            usable = primary and state.get("WSREP_LOCAL_STATE") in ("4", "2") and state.get("READ_ONLY") in ("0", "OFF")
            good = primary if self.path == "/primary" else usable
            text = " ".join(f"{key.lower()}={value}" for key, value in sorted(state.items()))
        except Exception as error:  # the database cannot be asked: not usable, whatever the reason
            good, text = False, f"unreachable: {type(error).__name__}"
        body = (text + "\\n").encode()
        try:
            self.send_response(200 if good else 503)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the balancer gave up first

    do_OPTIONS = do_GET

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
`;

export function gateScript(peers: readonly string[]): string {
  return `#!/bin/sh
# May MariaDB start here? 0 yes, 1 not now. Written by hastack; local changes are overwritten.
# A formation mark older than 30 s is left over from a run that was cut off: it must never form a second cluster.
MARK=/run/mysqld/wsrep-new-cluster
own=$(sed -n 's/^uuid: *//p' /var/lib/mysql/grastate.dat 2>/dev/null)
for peer in ${peers.join(' ')}; do
  answer=$(curl -sf -m 2 "http://$peer:${CHECK_PORT}/primary") || continue
  rm -f "$MARK"
  uuid=$(printf '%s' "$answer" | sed -n 's/.*wsrep_cluster_state_uuid=\\([0-9a-f-]*\\).*/\\1/p')
  case "$own" in '' | 00000000-0000-0000-0000-000000000000 | "$uuid") exit 0 ;; esac
  [ -n "$uuid" ] || exit 0
  echo "the data here are of cluster $own, the running one is $uuid: not starting; hastack recover sets them aside"
  exit 1
done
if [ -n "$(find "$MARK" -newermt '-30 seconds' 2>/dev/null)" ]; then exit 0; fi
rm -f "$MARK"
echo "no peer is in a primary component: not starting; hastack recover brings a stopped cluster back"
exit 1
`;
}

/** Starts MariaDB again when the gate had turned it away (never when an operator stopped it). */
export const REJOIN_SCRIPT = `#!/bin/sh
# Written by hastack; local changes are overwritten.
case "$(systemctl show -P Result mariadb.service)/$(systemctl show -P ActiveState mariadb.service)" in
  exec-condition/inactive | */failed) systemctl start --no-block mariadb.service ;;
esac
`;
