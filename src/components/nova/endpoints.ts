// What of Nova is reached through the balancers: the API, metadata for Neutron's agents, consoles for browsers.
import type { EndpointContribution } from '../../model/component.ts';
import { BUSY } from '../oslo/balancer.ts';
import { API, API_PORT, CONSOLE, CONSOLE_PORT, METADATA, METADATA_PORT } from './names.ts';

const COMMON = { mode: 'http', backendUse: 'internal', tls: true, balance: 'leastconn' } as const;

export const apiEndpoint: EndpointContribution = {
  ...COMMON,
  name: API,
  serviceType: 'compute',
  serviceName: 'nova',
  port: API_PORT,
  path: '/v2.1',
  vips: ['public', 'internal'],
  // Its versions, to anybody: the page for checks is behind a log-in in the pipelines of this release.
  check: { kind: 'http', path: '/', expect: '200' },
  // Some answers wait for a compute host: two calls of rpc_response_timeout.
  timeouts: { client: 120, server: 120, check: BUSY.check },
  cutSessionsAfter: BUSY.cutSessionsAfter,
};

/** Not for users: instances reach it through Neutron's metadata agents, which use the internal VIP. */
export const metadataEndpoint: EndpointContribution = {
  ...COMMON,
  name: METADATA,
  port: METADATA_PORT,
  path: '',
  vips: ['internal'],
  check: { kind: 'http', path: '/healthcheck', expect: '200' },
  timeouts: { check: BUSY.check },
  cutSessionsAfter: BUSY.cutSessionsAfter,
};

/** A console is a WebSocket that stays open for as long as somebody looks at it. The proxy forks for every check. */
export const consoleEndpoint: EndpointContribution = {
  ...COMMON,
  name: CONSOLE,
  port: CONSOLE_PORT,
  path: '/vnc_lite.html',
  vips: ['public'],
  check: { kind: 'http', path: '/vnc_lite.html', expect: '200', every: 5 },
  timeouts: { tunnel: 3600 },
};

export const ENDPOINTS = [apiEndpoint, metadataEndpoint, consoleEndpoint];
