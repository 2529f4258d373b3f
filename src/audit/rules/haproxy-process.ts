// HA: the HAProxy process and what surrounds it. Addresses, limits, certificates, time-outs against other programs.
// Manual: https://docs.haproxy.org/3.0/configuration.html
import { linesOf } from '../../formats/haproxy-cfg-read.ts';
import { leafFacts } from '../../lib/certificate-facts.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { iniOption } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule, RuleResult } from '../rule.ts';
import { effective, isGalera, isRabbit, milliseconds, modeOf, proxies, serverProxies, serversOf, timeout } from '../views/proxies.ts'; // prettier-ignore
import { bare, entries, vrrpInstances } from '../views/vrrp.ts';

const MANUAL = 'HAProxy configuration manual';

const rules: readonly Rule[] = [
  {
    id: 'HA01', letter: 'C', effect: 'outage', source: 'ip-sysctl: ip_nonlocal_bind; HAProxy `transparent`',
    title: 'Binds a floating address that the host does not have yet',
    explanation: 'HAProxy does not start on the standby host: when the address comes, nothing listens.',
    remediation: 'Write `net.ipv4.ip_nonlocal_bind = 1` (and net.ipv6) in /etc/sysctl.d.',
    evaluate: (estate) => estate.hosts.flatMap((host) => {
      const vips = new Set(vrrpInstances(estate).flatMap(({ node }) => entries(node, 'virtual_ipaddress').map(({ words }) => bare(words[0] ?? ''))));
      const binds = host.of('haproxy').flatMap((file) => file.document.sections.flatMap((section) => linesOf(section, 'bind').map((line) => ({ file, line }))));
      return binds.flatMap(({ file, line }): readonly RuleResult[] => {
        const address = (line.words[1]?.text ?? '').replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
        if (!vips.has(address) || line.words.some(({ text }) => text === 'transparent')) return [];
        const key = address.includes(':') ? 'net.ipv6.ip_nonlocal_bind' : 'net.ipv4.ip_nonlocal_bind';
        if (host.sysctl(key)?.option.value === '1') return [];
        if (host.of('sysctl').length === 0) return [{ missing: 'the sysctl files of the host' }];
        return [hit(file, line, { message: `${address} floats and ${key} is not 1`, write: `${key} = 1` })];
      });
    }),
  },
  {
    id: 'HA06', letter: 'H', effect: 'errors', source: 'oslo.db connection_recycle_time (3600 s by default); HAProxy timeout client, timeout server',
    title: 'The proxy closes database connections that services still keep',
    explanation: 'Pooled connections die unnoticed: requests fail with "MySQL server has gone away".',
    remediation: 'Raise both time-outs of the Galera proxy above connection_recycle_time, or lower that below them.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => isGalera(proxy)).flatMap((proxy) => {
      const recycle = longestRecycle(estate);
      if (recycle === undefined) return [];
      const line = effective(proxy, 'timeout', 'server').at(-1);
      const limit = timeout(proxy, 'server');
      return line === undefined || limit === undefined || limit >= recycle * 1000 ? [] : [hit(proxy.file, line, `timeout server of ${proxy.name} is ${limit / 1000} s; services keep connections for ${recycle} s`)];
    }),
  },
  {
    id: 'HA11', letter: 'C', effect: 'errors',
    title: 'The proxy cuts AMQP connections between two heartbeats',
    explanation: 'Services lose their connection again and again; calls time out.',
    remediation: 'Write time-outs of several hours for this proxy, or let clients list the brokers.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => isRabbit(proxy)).flatMap((proxy) => {
      const line = effective(proxy, 'timeout', 'client').at(-1);
      const limit = timeout(proxy, 'client');
      return line === undefined || limit === undefined || limit >= 60_000 ? [] : [hit(proxy.file, line, `timeout client of ${proxy.name} is ${limit / 1000} s, heartbeats may be 60 s apart`)];
    }),
  },
  {
    id: 'HA12', letter: 'M', effect: 'errors', source: `${MANUAL}: option redispatch, retries`,
    title: 'No second try on another server',
    explanation: 'Until a dead server is marked down, its share of the requests fails.',
    remediation: 'Write `option redispatch 1` and `retries 3` in defaults.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => {
      if (serversOf(proxy).length < 2) return [];
      const option = effective(proxy, 'option', 'redispatch').at(-1);
      const retries = effective(proxy, 'retries').at(-1);
      if (retries?.words[1]?.text === '0') return [hit(proxy.file, retries, `${proxy.name} never tries again`)];
      return option === undefined || option.modifier === 'no' ? [hit(proxy.file, option ?? proxy.section, `${proxy.name} has no option redispatch`)] : [];
    }),
  },
  {
    id: 'HA13', letter: 'H', effect: 'outage', source: `${MANUAL}: maxconn`,
    title: 'Frontends may take more connections than the process',
    explanation: 'One busy frontend uses up all connections: the others do not answer, which looks like an outage.',
    remediation: 'Raise maxconn in global to the sum, or lower that of the frontends.',
    evaluate: (estate) => estate.of('haproxy').flatMap((file) => {
      const line = globalLine(file, 'maxconn');
      const sum = proxies(estate, ['frontend', 'listen']).filter((proxy) => proxy.file === file).reduce((total, proxy) => total + Number(linesOf(proxy.section, 'maxconn').at(-1)?.words[1]?.text ?? 0), 0);
      const limit = Number(line?.words[1]?.text);
      return line === undefined || !(sum > limit) ? [] : [hit(file, line, `maxconn is ${limit}, frontends add up to ${sum}`)];
    }),
  },
  {
    id: 'HA14', letter: 'H', effect: 'outage', source: `${MANUAL}: maxconn, ulimit-n; systemd.exec(5) LimitNOFILE`,
    title: 'More connections than open files allow',
    explanation: 'HAProxy lowers maxconn or does not start.',
    remediation: 'Write LimitNOFILE of more than twice maxconn in a drop-in of haproxy.service.',
    evaluate: (estate) => estate.of('haproxy').flatMap((file) => {
      const line = globalLine(file, 'maxconn');
      const limit = estate.of('unit').filter((unit) => unit.host === file.host && /haproxy/.test(unit.path)).map((unit) => iniOption(unit.document, 'Service', 'LimitNOFILE')).findLast((option) => option !== undefined);
      const files = Number(limit?.value.split(':')[0]);
      const wanted = 2 * Number(line?.words[1]?.text);
      return line === undefined || !(files < wanted) ? [] : [hit(file, line, `maxconn needs ${wanted} files; LimitNOFILE is ${files}`)];
    }),
  },
  {
    id: 'HA20', letter: 'L', effect: 'upkeep', source: 'HAProxy management guide: stats socket',
    title: 'No admin socket',
    explanation: 'Servers cannot be drained before maintenance: their sessions are cut instead.',
    remediation: 'Write `stats socket /run/haproxy/admin.sock mode 660 level admin` in global.',
    evaluate: (estate) => estate.of('haproxy').flatMap((file) => {
      const global = file.document.sections.find(({ keyword }) => keyword === 'global');
      const admin = global !== undefined && linesOf(global, 'stats', 'socket').some(({ words }) => words.some(({ text }) => text === 'admin'));
      return admin || global === undefined ? [] : [hit(file, global, 'no stats socket of level admin')];
    }),
  },
  {
    id: 'HA21', letter: 'H', effect: 'outage', source: 'comparison of the hosts; RFC 6125',
    title: 'Proxies have certificates for different names',
    explanation: 'After the address moved, clients refuse the certificate: the failover becomes an outage.',
    remediation: 'Install a certificate for the same names on all proxies.',
    evaluate: (estate) => certificateFaults(estate),
  },
  {
    id: 'HA23', letter: 'H', effect: 'errors', source: `${MANUAL}: mode`,
    title: 'A mode inherited from defaults that the service does not speak',
    explanation: 'HAProxy reads the database or message protocol as HTTP and answers 400: every request fails.',
    remediation: 'Write `mode tcp` in this section.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => modeOf(proxy) === 'http' && (isGalera(proxy) || isRabbit(proxy))).map((proxy) => hit(proxy.file, linesOf(proxy.section, 'mode').at(-1) ?? proxy.section, `${proxy.name} is in mode http`)),
  },
]; // prettier-ignore

export default rules;

function globalLine(file: AuditFile<'haproxy'>, keyword: string) {
  return file.document.sections
    .filter((section) => section.keyword === 'global')
    .flatMap((section) => linesOf(section, keyword))
    .at(-1);
}

/** The longest time a service keeps a connection, as its files say. Services without a value are left out. */
function longestRecycle(estate: Estate): number | undefined {
  const values = estate.of('oslo').flatMap((file) => {
    const option = iniOption(file.document, 'database', 'connection_recycle_time');
    const connection = iniOption(file.document, 'database', 'connection');
    if (option === undefined && connection === undefined) return [];
    return [milliseconds(`${option?.value ?? 3600}s`) ?? 0];
  });
  return values.length === 0 ? undefined : Math.max(...values) / 1000;
}

function certificateFaults(estate: Estate): readonly Hit[] {
  const first = new Map<string, AuditFile>();
  return estate.of('certificate').filter(({ path }) => /haproxy|kolla|\/ssl\//.test(path)).flatMap((file) => {
    const known = first.get(file.name);
    if (known === undefined) first.set(file.name, file);
    const place = { line: 1, column: 1 };
    if (known === undefined || nameOf(known) === nameOf(file)) return [];
    return [hit(file, place, `not the certificate of ${known.path}`)];
  }); // prettier-ignore
}

function nameOf(file: AuditFile): string {
  try {
    const { dnsNames, addresses, issuer } = leafFacts(file.text);
    return JSON.stringify({ dnsNames, addresses, issuer });
  } catch {
    return file.text;
  }
}
