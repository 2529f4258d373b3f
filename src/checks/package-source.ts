// apt reaches its sources, and they have what the cluster is made of.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

/** A package of every deployment that no smaller derivative of Debian lacks by accident. */
export const KEY_PACKAGES = ['mariadb-server', 'keystone'];

export default hostCheck({
  id: 'host.package-source',
  severity: 'critical',
  impact: 'Nothing can be installed.',
  source: 'sources.list(5), apt-cache(8) policy',
  check: (input) =>
    onEachHost(input, 'packages', (host, { sources, candidates, lists }): readonly Outcome[] => {
      const place = { path: input.cluster.apt.mirror === undefined ? ['hosts', host.name] : ['apt'], host: host.name };
      const failed = sources
        .filter((each) => !each.reachable)
        .map(({ url, detail }) => ({
          ...place,
          message: `apt on ${host.name} does not reach ${url === '-' ? 'any source' : url}${detail === '' ? '' : `: ${detail}`}.`,
          remediation:
            'Correct the sources and the way there, or write apt: { mirror: URL } or { proxy: URL } into the spec.',
        }));
      if (failed.length > 0) return failed;
      const lacking = KEY_PACKAGES.filter((name) => candidates[name] === undefined);
      if (lacking.length === 0) return [];
      if (!lists || input.cluster.apt.mirror !== undefined) {
        return [{ missing: `package lists of ${host.name} (apt-get update did not run there yet)` }];
      }
      const message = `The package sources of ${host.name} do not have ${lacking.join(', ')}.`;
      return [
        {
          ...place,
          message,
          remediation: 'Add the main component of trixie to its sources, or write apt: { mirror: URL }.',
        },
      ];
    }),
});
