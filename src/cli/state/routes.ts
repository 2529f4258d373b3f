// hastack state: what the operator's machine keeps about a cluster.
import { buildRouteMap } from '@stricli/core';
import { statePullCommand } from './pull.ts';

export const stateRoutes = buildRouteMap({
  routes: { pull: statePullCommand },
  docs: { brief: "The operator's own state: secrets, keys, journal" },
});
