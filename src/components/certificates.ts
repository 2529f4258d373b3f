// The internal CA and every certificate a component asked for, at /etc/hastack/tls. The CA is in the system's
// trust store too, so that command-line tools on the hosts need no option.
// Keys belong to the service's group and are readable by it alone.
import { component } from '../model/component.ts';
import type { CertificateContribution, HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { sha256Hex } from '../lib/hash.ts';
import { directory, file } from '../resources/file.ts';
import { runOnce } from '../resources/run.ts';

const TLS_DIRECTORY = '/etc/hastack/tls';

export default component({
  id: 'certificates',
  title: 'Certificates',
  roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging'],
  after: ['base'],
  steps: [{ on: 'each', resources: certificateFiles }],
  failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
});

function certificateFiles(ctx: HostContext): readonly Resource[] {
  const wanted = ctx.contributions('certificate').filter((each) => each.hosts.includes(ctx.host.name));
  return [
    directory({ path: TLS_DIRECTORY }),
    file({ path: `${TLS_DIRECTORY}/ca.crt`, content: ctx.caCertificate() }),
    file({ path: '/usr/local/share/ca-certificates/hastack.crt', content: ctx.caCertificate() }),
    runOnce({
      name: 'ca-certificates',
      stamp: sha256Hex(ctx.caCertificate()),
      script: 'update-ca-certificates >/dev/null',
    }),
    ...wanted.flatMap((certificate) => files(ctx, certificate)),
  ];
}

function files(ctx: HostContext, wanted: CertificateContribution): readonly Resource[] {
  const pair = ctx.certificate(wanted.name, ctx.host.name);
  const notifies = wanted.notifies ?? [];
  const path = `${TLS_DIRECTORY}/${wanted.name}`;
  const key = { owner: wanted.owner, group: wanted.group, mode: '0640', secret: true, notifies };
  return [
    file({ path: `${path}.crt`, content: pair.certificate, notifies }),
    file({ path: `${path}.key`, content: pair.key, ...key }),
    ...(wanted.bundle === true ? [file({ path: `${path}.pem`, content: pair.certificate + pair.key, ...key })] : []),
  ];
}
