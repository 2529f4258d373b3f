// Cinder's API behind the balancers. The catalogue names it as clients of 2025.1 look for it: `volumev3`.
import { BUSY } from '../oslo/balancer.ts';
import type { EndpointContribution } from '../../model/component.ts';

export const API_PORT = 8776;

export const endpoint: EndpointContribution = {
  name: 'cinder',
  serviceType: 'volumev3',
  serviceName: 'cinderv3',
  port: API_PORT,
  path: '/v3',
  mode: 'http',
  vips: ['public', 'internal'],
  backendUse: 'internal',
  tls: true,
  balance: 'roundrobin',
  check: { kind: 'http', path: '/healthcheck', expect: '200' },
  timeouts: { check: BUSY.check },
  cutSessionsAfter: BUSY.cutSessionsAfter,
};
