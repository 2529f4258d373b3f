// The console as a browser opens it: a URL from Nova, a websocket through the VIP, the greeting of the screen behind it.
import { need } from '../bench.ts';
import type { VerifyStep } from '../step.ts';
import { COMPUTE_VERSION } from './instances.ts';
import { instance } from './reach.ts';

export const consoleStep: VerifyStep = {
  name: 'console',
  services: ['nova'],
  after: ['instances'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const { remote_console: console } = await need(bench, 'user').request<{
      readonly remote_console: { readonly url: string };
    }>('compute', {
      method: 'POST',
      path: `/servers/${instance(bench, 0).id}/remote-consoles`,
      version: COMPUTE_VERSION,
      body: { remote_console: { protocol: 'vnc', type: 'novnc' } },
      signal,
    });
    const url = websocketOf(console.url);
    const greeting = await bench.tools.vnc(url, signal);
    if (!greeting.startsWith('RFB '))
      throw new Error(`the console at ${new URL(url).host} says ${greeting.slice(0, 80)}`);
    return `${greeting} through ${new URL(url).host}`;
  },
};

/** The page's parameter `path` is where noVNC opens its websocket: `vnc_lite.html?path=%3Ftoken%3D…`. */
export function websocketOf(pageUrl: string): string {
  const page = new URL(pageUrl);
  const path = page.searchParams.get('path') ?? `?token=${page.searchParams.get('token') ?? ''}`;
  const url = new URL(path.startsWith('?') ? `/${path}` : path, page.origin);
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
