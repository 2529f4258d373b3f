// tempest.conf and clouds.yaml of a run, from the operator's clouds.yaml and what the cloud has. Pure.
// Source: tempest.conf.sample of Debian's tempest; the roles and scopes are those that hastack configures.

/** The one cloud of a clouds.yaml, or the one with this name. */
export function cloudOf(clouds, name) {
  const names = Object.keys(clouds?.clouds ?? {});
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const cloud = chosen === undefined ? undefined : clouds.clouds[chosen];
  if (cloud === undefined) throw new Error(`clouds.yaml has ${names.join(', ') || 'no cloud'}: name one with --cloud`);
  return cloud;
}

/** The same log-in under the name `cloud`, with the CA where the chroot has it. */
export function cloudsInside(cloud) {
  const { cacert, ...rest } = cloud;
  return { clouds: { cloud: { ...rest, ...(cacert === undefined ? {} : { cacert: '/srv/work/ca.crt' }) } } };
}

const TYPES = {
  cinder: ['volumev3', 'block-storage'],
  glance: ['image'],
  neutron: ['network'],
  nova: ['compute'],
  swift: ['object-store'],
};

export function tempestConf({ cloud, found, guestUser }) {
  const offered = ([, types]) => types.some((type) => found.services.includes(type));
  return {
    DEFAULT: { log_dir: '/srv/work/log', use_stderr: false },
    oslo_concurrency: { lock_path: '/srv/work/lock' },
    ...logIn(cloud),
    // The new defaults and scopes are on everywhere but in Cinder.
    enforce_scope: { keystone: true, nova: true, neutron: true, glance: true, placement: true, cinder: false },
    service_available: Object.fromEntries(Object.entries(TYPES).map((each) => [each[0], offered(each)])),
    ...computing(found),
    network: { public_network_id: found.network.id, floating_network_name: found.network.name },
    'network-feature-enabled': { api_extensions: found.extensions.join(','), ipv6: true },
    validation: { run_validation: true, image_ssh_user: guestUser, connect_method: 'floating', ssh_timeout: 300 },
    volume: { catalog_type: 'volumev3', build_timeout: 600 },
    'volume-feature-enabled': { backup: false },
  };
}

function logIn({ auth, region_name: region, cacert }) {
  return {
    auth: {
      use_dynamic_credentials: true,
      admin_username: auth.username,
      admin_password: auth.password,
      admin_project_name: auth.project_name,
      admin_domain_name: auth.user_domain_name,
      default_credentials_domain_name: auth.user_domain_name,
      tempest_roles: 'member',
    },
    identity: {
      auth_version: 'v3',
      uri_v3: auth.auth_url,
      region,
      v3_endpoint_type: 'public',
      ...(cacert === undefined ? {} : { ca_certificates_file: '/srv/work/ca.crt' }),
    },
  };
}

function computing({ image, flavors, computes }) {
  const several = computes > 1;
  return {
    compute: {
      image_ref: image,
      image_ref_alt: image,
      flavor_ref: flavors[0],
      flavor_ref_alt: flavors[1],
      min_compute_nodes: Math.max(1, computes),
      // Seconds: guests may be emulated.
      build_timeout: 600,
    },
    'compute-feature-enabled': {
      live_migration: several,
      block_migration_for_live_migration: false,
      cold_migration: several,
      resize: several,
      vnc_console: true,
    },
  };
}

/** Ini text. A value of more than one line would be another option: refused. */
export function iniText(tree) {
  return Object.entries(tree)
    .map(([section, options]) => {
      const lines = Object.entries(options)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => {
          if (/\n/.test(String(value))) throw new Error(`${section}.${key} has several lines`);
          return `${key} = ${String(value).replaceAll('$', '$$$$')}`;
        });
      return `[${section}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** /etc/hosts of the chroot: VIPs by the names that their certificate has. */
export function hostsText(spec) {
  const names = Object.values(spec?.vips ?? {}).flatMap(({ address, name }) =>
    name === undefined ? [] : [`${address} ${name}`],
  );
  return ['127.0.0.1 localhost', '::1 localhost', ...names, ''].join('\n');
}

/** The first edge network with floating addresses: what the cloud's external network is made from when it has none. */
export function externalOf(spec) {
  const found = Object.entries(spec?.networks ?? {}).find(
    ([, network]) => network.zone === 'edge' && network.floating !== undefined,
  );
  if (found === undefined) return undefined;
  const [name, { cidr, gateway, floating }] = found;
  const [first, last] = String(floating).split('-');
  return { name, cidr, gateway, first, last };
}
