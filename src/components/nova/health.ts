// Whether conductor and scheduler of a host reported lately, as Nova itself judges them: from its table of services.
// Asked of the database member on the same host; a host without one leaves it to those that have.
import type { HealthCheck, HostContext } from '../../model/component.ts';
import { sh } from '../../remote/shell.ts';
import { REPORTS, timer } from '../oslo/timers.ts';
import { CONDUCTOR, SCHEDULER } from './names.ts';

export function reportsHealth(ctx: HostContext): readonly HealthCheck[] {
  const { name } = ctx.host;
  if (!ctx.members('galera').some((host) => host.name === name)) return [];
  const parts = [CONDUCTOR, SCHEDULER];
  const option = { file: 'nova.conf', section: 'DEFAULT', option: 'service_down_time' };
  const downAfter = timer(ctx, option, REPORTS.downAfter);
  const query = `SELECT \`binary\` FROM nova.services WHERE host = '${name}' AND \`binary\` IN (${parts.map((part) => `'${part}'`).join(', ')}) AND deleted = 0 AND updated_at > UTC_TIMESTAMP() - INTERVAL ${downAfter} SECOND ORDER BY \`binary\``;
  return [
    {
      name: 'Nova conductor and scheduler report',
      script: `said=$(${sh`mariadb --batch --skip-column-names -e ${query}`} 2>&1 | tr '\\n' ' ')\necho "\${said:-none reported}"; ${sh`[ "$said" = ${`${parts.join(' ')} `} ]`}`,
    },
  ];
}
