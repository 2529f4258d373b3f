// HAProxy with a certificate that has expired: what happens to everybody who forgets to renew.
// The certificate in its place is made on the host, for the same name, and was good for one day in 2020.
// Manual: openssl-req(1) -not_before, -not_after (OpenSSL 3.4 and newer)
import { sh } from '../../remote/shell.ts';
import type { Fault } from './fault.ts';
import { guardedFault, type FaultPlace } from './guarded.ts';

const TLS = '/etc/hastack/tls';

export function expireCertificate(place: FaultPlace, name: string): Fault {
  const path = `${TLS}/${name}.pem`;
  const saved = `${path}.before-drill`;
  return guardedFault(place, {
    kind: 'certificate-expired',
    target: `certificate/${place.host}/${name}`,
    name: `certificate-${name}`,
    inject: [
      'set -e; umask 027',
      sh`[ -e ${saved} ] || cp -p ${path} ${saved}`,
      sh`new=$(mktemp -d ${`${TLS}/.drill.XXXXXX`}); trap 'rm -rf "$new"' EXIT`,
      'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=expired -not_before 20200101000000Z -not_after 20200102000000Z -keyout "$new/key" -out "$new/crt" 2>/dev/null',
      // Owner and mode stay those of the file.
      sh`cat "$new/crt" "$new/key" >${path}`,
      sh`if openssl x509 -in ${path} -noout -checkend 0 >/dev/null; then echo 'the new certificate has not expired' >&2; exit 1; fi`,
      'systemctl reload haproxy',
    ].join('\n'),
    heal: sh`if [ -e ${saved} ]; then cat ${saved} >${path} && rm -f ${saved} && systemctl reload haproxy; fi`,
  });
}
