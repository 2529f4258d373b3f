// What the operator gets to use the cloud: clouds.yaml, openrc and the CA certificate, beside the state, 0600.
// Manual: https://docs.openstack.org/openstacksdk/2025.1/user/config/configuration.html
import type { ClusterContext } from '../model/component.ts';
import { writePrivate } from '../store/state-directory.ts';
import { clusterContext } from './context.ts';
import type { Run } from './run.ts';
import { writeEnvFile } from '../formats/env-file-write.ts';
import { regionOf } from '../components/oslo/identity.ts';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

export interface CredentialFile {
  readonly name: string;
  readonly content: string;
}

/** `caPath`: where ca.crt will be, absolute; undefined when users' machines trust the public certificate by themselves. */
function credentialFiles(ctx: ClusterContext, caPath: string | undefined): readonly CredentialFile[] {
  const url = ctx.endpointUrl('identity', 'public');
  const region = regionOf(ctx);
  const password = ctx.secret('keystone/admin');
  const auth = {
    auth_url: url,
    username: 'admin',
    password,
    project_name: 'admin',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
  };
  const clouds = {
    clouds: {
      [ctx.cluster.name]: {
        auth,
        region_name: region,
        ...(caPath === undefined ? {} : { cacert: caPath }),
        identity_api_version: '3',
      },
    },
  };
  const openrc = {
    OS_AUTH_URL: url,
    OS_USERNAME: 'admin',
    OS_PASSWORD: password,
    OS_PROJECT_NAME: 'admin',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: region,
    OS_IDENTITY_API_VERSION: '3',
    ...(caPath === undefined ? {} : { OS_CACERT: caPath }),
  };
  return [
    { name: 'ca.crt', content: ctx.caCertificate() },
    { name: 'clouds.yaml', content: stringify(clouds) },
    { name: 'openrc', content: writeEnvFile({ '': openrc }, { exported: true }) },
  ];
}

/** Into `<state>/credentials/`; nothing is written when nothing changed, or where Keystone is left out. */
export function writeCredentials(run: Run): void {
  const { state, context } = run;
  if (!context.deployed.some(({ component }) => component.id === 'keystone')) return;
  const directory = join(state.root, 'credentials');
  // The user's own certificate is not signed by the internal CA.
  const caPath = run.input.publicCertificate === undefined ? resolve(directory, 'ca.crt') : undefined;
  for (const each of credentialFiles(clusterContext(context), caPath)) {
    writePrivate(join(directory, each.name), each.content);
  }
}
