// The user's own certificate for the public VIP comes with its key, and belongs to a name.
import { own } from '../lookup.ts';
import type { Hit } from './rule.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.certificate-without-key',
  severity: 'critical',
  impact: 'HAProxy cannot serve the public VIP.',
  source: 'haproxy configuration manual, crt',
  reads: ['tls', 'vips'],
  check: ({ spec }): readonly Hit[] => {
    const brought = spec.tls?.public;
    if (brought === undefined) return [];
    const { certificate, key } = brought;
    const path = ['tls', 'public'];
    if (certificate === undefined || key === undefined) {
      const [has, lacks] = certificate === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
      return [
        {
          path,
          on: 'key',
          message: `tls.public has a ${has} but no ${lacks}.`,
          remediation: `Add ${lacks}: with the path of its PEM file, or remove tls.public.`,
        },
      ];
    }
    if (own(spec.vips, 'public')?.name !== undefined) return [];
    return [
      {
        path,
        on: 'key',
        severity: 'warning',
        impact: 'Users who type the address get a certificate warning.',
        message: 'There is a certificate for the public VIP, but the VIP has no name.',
        remediation: 'Write the name of the certificate: vips: { public: { name: cloud.example.org } }.',
      },
    ];
  },
});
