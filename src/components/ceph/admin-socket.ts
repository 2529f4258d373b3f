// Asks a daemon of this host through its admin socket. Not by the `ceph` program: starting it costs half a second of
// CPU, and members are read again and again while something heals.
// Source: ceph_daemon.py of Ceph: the command as JSON and a zero byte; four bytes of length and JSON come back.
import { sh } from '../../remote/shell.ts';

const PROGRAM = `import json, socket, struct, sys
def read(conn, count):
    data = b""
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            sys.exit(1)
        data += part
    return data
try:
    conn = socket.socket(socket.AF_UNIX)
    conn.settimeout(4)
    conn.connect("/run/ceph/ceph-" + sys.argv[1] + ".asok")
    conn.sendall(json.dumps({"prefix": sys.argv[2]}).encode() + b"\\0")
    answer = json.loads(read(conn, struct.unpack(">I", read(conn, 4))[0]))
except (OSError, ValueError):
    sys.exit(1)
print(json.dumps({key: answer.get(key) for key in sys.argv[3:]}))`;

/** Shell: prints these keys of the answer as one line of JSON; fails when the daemon does not answer. */
export function askDaemon(daemon: string, command: string, keys: readonly string[]): string {
  return sh`python3 -c ${PROGRAM} ${daemon} ${command} ${keys} 2>/dev/null`;
}

/** The same, for a daemon whose name a shell variable `$id` completes: `osd.$id`. */
export function askNumbered(kind: 'osd', command: string, keys: readonly string[]): string {
  return `${sh`python3 -c ${PROGRAM}`} "${kind}.$id" ${sh`${command} ${keys} 2>/dev/null`}`;
}
