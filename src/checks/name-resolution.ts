// DNS resolvers answer. A host without any is undecided: packages may come through a proxy, names from /etc/hosts.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.name-resolution',
  severity: 'warning',
  impact: 'Package sources and time servers are not found; log-ins wait for timeouts.',
  source: 'resolv.conf(5)',
  check: (input) =>
    onEachHost(input, 'resolvers', (host, resolvers): readonly Outcome[] => {
      const bad = resolvers.filter((each) => !each.answers);
      if (resolvers.length === 0) return [{ missing: `a resolver on ${host.name} or in dns of the spec` }];
      if (bad.length === 0) return [];
      const listed = bad.map(({ address, detail }) => `${address} (${detail})`).join(', ');
      return [
        {
          path: input.cluster.dns.length > 0 ? ['dns'] : ['hosts', host.name],
          host: host.name,
          message: `${host.name} gets no answer from the resolver ${listed}.`,
          remediation: 'Correct /etc/resolv.conf on the host, or write dns: [ADDRESS] into the spec.',
          ...(bad.length === resolvers.length ? { severity: 'critical' as const } : {}),
        },
      ];
    }),
});
