// The Redfish client against a real HTTPS server with a self-signed certificate, pinned by its fingerprint.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/system-clock.ts';
import type { HttpTrust } from './http.ts';
import { redfishClient } from './redfish.ts';
import { tcpConnects } from './tcp.ts';

let server: Server;
let port: number;
let pem: string;
let fingerprint: string;
let power: string;
let resets: string[];
let deaf: boolean;
const folder = mkdtempSync(join(tmpdir(), 'redfish-'));

beforeAll(async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bmc';
  const san = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...options.split(' '), ...san, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  pem = readFileSync(cert, 'utf8');
  fingerprint = new X509Certificate(pem).fingerprint256;
  const system = '/redfish/v1/Systems/1';
  server = createServer({ key: readFileSync(key), cert: pem }, (request, response) => {
    let body = '';
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const authorized = request.headers.authorization === `Basic ${Buffer.from('admin:secret').toString('base64')}`;
      if (!authorized) return response.writeHead(401).end();
      if (request.url === '/redfish/v1/Systems')
        return response.end(JSON.stringify({ Members: [{ '@odata.id': system }] }));
      if (request.method === 'GET') return response.end(JSON.stringify({ PowerState: power }));
      const type = (JSON.parse(body) as { ResetType: string }).ResetType;
      resets.push(type);
      // The state follows a moment later, as on real controllers.
      if (!deaf) setTimeout(() => (power = type === 'ForceOff' ? 'Off' : 'On'), 150);
      return response.writeHead(204).end();
    });
  });
  port = await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  power = 'On';
  resets = [];
  deaf = false;
});

const client = (trust: HttpTrust, password = 'secret') =>
  redfishClient({ host: 'ctl1', url: `https://127.0.0.1:${port}`, user: 'admin', password, trust, clock: systemClock });

describe('redfishClient', () => {
  it('powers off and on, and returns when the state has followed', async () => {
    const bmc = client({ fingerprint256: fingerprint });
    await bmc.powerOff(3000);
    expect(power).toBe('Off');
    await bmc.powerOff(3000);
    await bmc.powerOn(3000);
    expect(power).toBe('On');
    expect(resets).toEqual(['ForceOff', 'On']);
  });

  it('trusts a given authority', async () => {
    expect(await client({ ca: pem }).powerState()).toBe('On');
  });

  it('sends nothing to another certificate, or to one nobody vouches for', async () => {
    const other = { fingerprint256: fingerprint.replace(/^../, fingerprint.startsWith('00') ? '01' : '00') };
    await expect(client(other).powerOff(1000)).rejects.toMatchObject({ code: 'environment', host: 'ctl1' });
    await expect(client({}).powerOff(1000)).rejects.toThrow(/tls|self_signed/i);
    expect(resets).toEqual([]);
  });

  it('says that the password is wrong, and that the power does not follow', async () => {
    await expect(client({ fingerprint256: fingerprint }, 'wrong').powerState()).rejects.toThrow(/refuses the user/);
    deaf = true;
    await expect(client({ fingerprint256: fingerprint }).powerOff(500)).rejects.toThrow(
      /did not power Off within 0.5 s/,
    );
  });
});

describe('tcpConnects', () => {
  it('tells an open port, a closed one and silence apart', async () => {
    const target = { host: '127.0.0.1', clock: systemClock, deadlineMs: 500 };
    expect(await tcpConnects({ ...target, port })).toEqual({ ok: true });
    expect(await tcpConnects({ ...target, port: 1 })).toEqual({ ok: false, error: 'refused' });
  });
});
