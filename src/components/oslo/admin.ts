// The administrator's log-in for what components make in Keystone besides their users: the catalogue, domains.
import type { ClusterContext } from '../../model/component.ts';
import type { KeystoneAuth } from '../../resources/keystone.ts';
import { DOMAIN } from './identity.ts';
import { CA_FILE } from './sections.ts';

export const ADMIN_SECRET = 'keystone/admin';

export function adminAuth(ctx: Pick<ClusterContext, 'endpointUrl' | 'secret'>): KeystoneAuth {
  return {
    url: ctx.endpointUrl('identity', 'internal'),
    user: 'admin',
    password: ctx.secret(ADMIN_SECRET),
    project: 'admin',
    domain: DOMAIN,
    caFile: CA_FILE,
  };
}
