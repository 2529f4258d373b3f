// What is read of a member for a backup: whether it may be the donor, what it is, and checksums of its tables.

/** Connections of clients, by which the writer is known: the balancers send all of them to it. */
export const RANK = `mariadb --batch --skip-column-names <<'SQL' | { read -r state ro clients; [ "$state" = 4 ] && echo "$clients"; }
SELECT
  (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_LOCAL_STATE'),
  @@global.read_only,
  (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER NOT IN ('system user', 'mysql', 'root', 'event_scheduler'));
SQL
`;

export const INFO = `set -e
mariadb --batch --skip-column-names <<'SQL' | sed 's/\\t/ /'
SELECT 'version', VERSION();
SELECT 'position', CONCAT(
  (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_CLUSTER_STATE_UUID'), ':',
  (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_LAST_COMMITTED'));
SELECT 'gtid', @@global.gtid_current_pos;
SELECT 'tables', COUNT(*) FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE';
SQL
echo "content-bytes $(du -sb --exclude=galera.cache /var/lib/mysql | cut -f 1)"
`;

/** Larger tables are checked by name and by CHECK TABLE only: to read them all would take longer than the backup. */
const CHECKSUM_BYTES = 1024 ** 3;

/** Lines `database.table<TAB>checksum` of every base table of the services; `large` for those that are not read. */
export function checksumScript(client: string): string {
  return `set -e
client() { ${client} --batch --skip-column-names "$@"; }
where="TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"
name="CONCAT(TABLE_SCHEMA, '.', TABLE_NAME)"
client -e "SELECT $name, 'large' FROM information_schema.TABLES WHERE $where AND DATA_LENGTH > ${CHECKSUM_BYTES}"
client -e "SELECT CONCAT('CHECKSUM TABLE \\\`', TABLE_SCHEMA, '\\\`.\\\`', TABLE_NAME, '\\\`;') FROM information_schema.TABLES WHERE $where AND COALESCE(DATA_LENGTH, 0) <= ${CHECKSUM_BYTES} ORDER BY 1" | client
`;
}
