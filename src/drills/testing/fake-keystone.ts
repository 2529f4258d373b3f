// A Keystone for tests: the three requests of the probes, on a real port of this machine.
// `freeze` accepts and never answers, as a stopped process does; `stop` refuses connections.
import { createServer, type Server, type ServerResponse } from 'node:http';

export interface FakeKeystone {
  readonly url: string;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function fakeKeystone(): Promise<FakeKeystone> {
  let frozen = false;
  const held: (() => void)[] = [];
  const answer = (method: string | undefined, path: string | undefined, response: ServerResponse): void => {
    if (path === '/v3') response.end('{}');
    else if (method === 'POST') response.writeHead(201, { 'x-subject-token': 'token-1' }).end('{}');
    else response.end('{}');
  };
  const make = (): Server =>
    createServer((request, response) => {
      const reply = (): void => answer(request.method, request.url, response);
      request.resume();
      if (frozen) held.push(reply);
      else reply();
    });
  const listen = (server: Server, port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  let server = make();
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}/v3`,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      for (const reply of held.splice(0)) reply();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start: async () => {
      server = make();
      await listen(server, port);
    },
  };
}
