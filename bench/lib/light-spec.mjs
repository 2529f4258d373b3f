// The spec of a cluster of light hosts: every service that a spec can leave out is left out, so that what remains is
// what hastack does on every host. Three of them carry the lock and the copy of the state, as in a real cluster.
import { SERVICES } from './built.mjs';

const ON_EVERY_HOST = ['base', 'chrony', 'certificates', 'firewall'];
const CONTROL_HOSTS = 3;
const HOSTS_PER_BLOCK = 200;

export function lightSpec(size) {
  const leftOut = Object.keys(SERVICES).filter((name) => !ON_EVERY_HOST.includes(name));
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
    `services: { ${leftOut.map((name) => `${name}: false`).join(', ')} }`,
  ].join('\n')}\n`;
}
