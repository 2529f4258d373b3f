// The shell that lays a backup out of standard input into a directory: for a restore and for a look at it.
/** Unpacks standard input to a directory and makes it consistent. `$1` directory; what gzip says counts as well. */
export const UNPACK = `unpack() {
  rm -rf "$1" "$1.torn"
  mkdir -m 0700 "$1"
  { gzip -dc || : >"$1.torn"; } | mbstream -x -C "$1" || : >"$1.torn"
  [ ! -e "$1.torn" ] || { rm -rf "$1" "$1.torn"; echo 'the backup arrived torn' >&2; exit 1; }
  mariadb-backup --prepare --target-dir="$1" >"$1.log" 2>&1 || { tail -n 5 "$1.log" >&2; exit 1; }
  rm -f "$1.log" "$1/grastate.dat" "$1/gvwstate.dat" "$1/galera.cache"
  chown -R mysql:mysql "$1"
}`;

/** Room for a copy and a tenth, so that nothing that is in use runs out of it. */
export function roomCheck(bytes: number): string {
  return `free=$(df --output=avail -B1 /var/lib | tail -n 1)
[ "$free" -gt ${Math.ceil(bytes * 1.1)} ] || { echo "no room in /var/lib: ${Math.ceil((bytes * 1.1) / 1e6)} MB are needed, $((free / 1000000)) MB are free" >&2; exit 1; }`;
}
