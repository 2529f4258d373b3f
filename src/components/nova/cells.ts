// Nova's three schemas and its cells, made without a hand and the same however often: cell0 for instances that got no
// host, cell1 for all others. The cells' connections are templates over nova.conf, so that no password stands in an
// argument list or in the database, and a new password or VIP needs no change there.
// Manual: https://docs.openstack.org/nova/2025.1/admin/cells.html, "Templates"
import type { ClusterContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { runOnce } from '../../resources/run.ts';
import { schema } from '../oslo/db-sync.ts';

const CELL0 = '00000000-0000-0000-0000-000000000000';
const LOG = '/var/log/nova/nova-manage.log';
const MANAGE = 'runuser -u nova -- nova-manage';
const USER = '{scheme}://{username}:{password}@{hostname}';

export function cells(ctx: ClusterContext): readonly Resource[] {
  return [
    schema({
      name: 'nova',
      package: 'nova-common',
      databases: [
        { database: 'nova_api', command: `${MANAGE} api_db sync`, firstRows: 'host_mappings', log: LOG },
        { database: 'nova', command: `${MANAGE} db sync --local_cell`, firstRows: 'services', log: LOG },
      ],
    }),
    mappings(ctx),
    schema({
      name: 'nova-cell0',
      package: 'nova-common',
      // Cell0 is found through its mapping; the other cell is done already.
      databases: [{ database: 'nova_cell0', command: `${MANAGE} db sync`, firstRows: 'instances', log: LOG }],
    }),
  ];
}

function mappings(ctx: ClusterContext): Resource {
  const cell0 = { database: `${USER}/nova_cell0?{query}`, transport: 'none:///' };
  const cell1 = { database: `${USER}/{path}?{query}`, transport: transportTemplate(brokers(ctx)) };
  const right = `SELECT COUNT(*) FROM nova_api.cell_mappings WHERE (uuid = '${CELL0}' AND database_connection = '${cell0.database}') OR (name = 'cell1' AND database_connection = '${cell1.database}' AND transport_url = '${cell1.transport}')`;
  const existing = "SELECT uuid FROM nova_api.cell_mappings WHERE name = 'cell1' LIMIT 1";
  const options = sh`--transport-url ${cell1.transport} --database_connection ${cell1.database}`;
  return runOnce({
    name: 'nova-cells',
    unless: `[ "$(${sh`mariadb -N -e ${right}`} 2>/dev/null)" = 2 ]`,
    script: `cell() { runuser -u nova -- nova-manage cell_v2 "$@"; }
${sh`cell map_cell0 --database_connection ${cell0.database}`}
${sh`cell update_cell --cell_uuid ${CELL0} --transport-url ${cell0.transport} --database_connection ${cell0.database}`}
uuid=$(${sh`mariadb -N -e ${existing}`})
if [ -z "$uuid" ]; then cell create_cell --name cell1 ${options}
else cell update_cell --cell_uuid "$uuid" ${options}
fi
[ "$(${sh`mariadb -N -e ${right}`})" = 2 ]
`,
    timeout: 180,
  });
}

function brokers(ctx: ClusterContext): number {
  return ctx.contributions('broker').flatMap(({ hosts }) => hosts).length;
}

/** With one member the names have no number, with several each has its own. */
export function transportTemplate(members: number): string {
  const numbers = members === 1 ? [''] : Array.from({ length: members }, (_none, index) => String(index + 1));
  const hosts = numbers.map((n) => `{username${n}}:{password${n}}@{hostname${n}}:{port${n}}`);
  return `{scheme}://${hosts.join(',')}/{path}`;
}
