// The spec of a cluster of light hosts: everything that a spec can leave out is left out, so that what remains is what
// hastack does on every host. Three of them carry the lock and the copy of the state, as in a real cluster.

const SERVICES = ['galera', 'rabbitmq', 'memcached', 'haproxy', 'keepalived', 'keystone'];
const CONTROL_HOSTS = 3;
const HOSTS_PER_BLOCK = 200;

export function lightSpec(size) {
  const hosts = Array.from({ length: size }, (_, at) => {
    const role = at < CONTROL_HOSTS ? 'control' : 'compute';
    const address = `10.20.${Math.floor(at / HOSTS_PER_BLOCK)}.${(at % HOSTS_PER_BLOCK) + 11}`;
    return `  n${at + 1}: { roles: [${role}], addresses: { management: ${address} } }`;
  });
  return `${[
    'cluster: bench-growth',
    'networks:',
    '  management: { cidr: 10.20.0.0/16, interface: eno1 }',
    'hosts:',
    ...hosts,
    `services: { ${SERVICES.map((name) => `${name}: false`).join(', ')} }`,
  ].join('\n')}\n`;
}
