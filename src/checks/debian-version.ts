// The release that this version of hastack deploys on, whose packages it knows.
import { hostCheck, onEachHost } from './check.ts';

const VERSION = '13';

export default hostCheck({
  id: 'host.debian-version',
  severity: 'critical',
  impact: 'The packages of the release are not there, or are others than those that were tested.',
  source: 'https://www.debian.org/releases/trixie/',
  check: (input) =>
    onEachHost(input, 'system', (host, { distribution, version, codename }) =>
      distribution === 'debian' && version === VERSION
        ? []
        : [
            {
              path: ['hosts', host.name],
              host: host.name,
              message: `${host.name} runs ${[distribution, version, codename].filter((word) => word !== '').join(' ')}, not Debian 13 (trixie).`,
              remediation: 'Install Debian 13 on it.',
            },
          ],
    ),
});
