// Only releases that can be installed on Debian 13 from its own archive.
import { DEFAULT_RELEASE } from '../resolve.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.unknown-release',
  severity: 'critical',
  impact: 'There are no packages to install.',
  source: 'Debian 13 (trixie) archive',
  reads: ['release'],
  check: ({ spec, cluster }) =>
    cluster.release === DEFAULT_RELEASE
      ? []
      : [
          {
            path: ['release'],
            message: `The release ${spec.release ?? ''} is not one that hastack deploys.`,
            remediation: `Write ${DEFAULT_RELEASE} (OpenStack 2025.1, the release of Debian 13).`,
          },
        ],
});
