// A page in headless Chromium, driven over the pipe of its debugging protocol: no port, no further library.
// Protocol: https://chromedevtools.github.io/devtools-protocol/
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const PROGRAM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const DEADLINE_MS = 120_000;

export const hasChromium = PROGRAM !== undefined;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Of the properties that are read here all are texts or truth values. */
interface Reported {
  readonly value?: string | boolean;
}

interface ReportedNode {
  readonly ignored: boolean;
  readonly role?: Reported;
  readonly name?: Reported;
  readonly properties?: readonly { readonly name: string; readonly value: Reported }[];
}

export interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  readonly pressed: string | undefined;
}

export class Chromium {
  readonly #profile = mkdtempSync(join(tmpdir(), 'hastack-chromium-'));
  readonly #child;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly requests: string[] = [];
  readonly errors: string[] = [];
  #next = 1;
  #session: string | undefined;

  private constructor() {
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe'];
    this.#child = spawn(PROGRAM ?? '', [...flags, `--user-data-dir=${this.#profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.#answers.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#heard(JSON.parse(part) as Message);
    });
  }

  /** A blank page of this size. */
  static async open(width = 1280, height = 900): Promise<Chromium> {
    const browser = new Chromium();
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = String(sessionId);
    for (const domain of ['Page', 'Runtime', 'Network', 'Accessibility']) await browser.send(`${domain}.enable`);
    await browser.size(width, height);
    return browser;
  }

  async goto(file: string): Promise<void> {
    await this.send('Page.navigate', { url: `file://${file}` });
    const until = Date.now() + DEADLINE_MS;
    while ((await this.evaluate('document.readyState')) !== 'complete' && Date.now() < until) {
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value?: unknown }).value;
  }

  async key(key: 'Tab' | 'Enter' | ' '): Promise<void> {
    const code = { Tab: 9, Enter: 13, ' ': 32 }[key];
    const common = { key, code: key === ' ' ? 'Space' : key, windowsVirtualKeyCode: code };
    const text = { Tab: undefined, Enter: '\r', ' ': ' ' }[key];
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...common, ...(text === undefined ? {} : { text }) });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  async click(selector: string): Promise<void> {
    const at = `(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return { x: r.x + 8, y: r.y + 8 }; })()`;
    const where = (await this.evaluate(at)) as Readonly<Record<string, number>>;
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, ...where, button: 'left', clickCount: 1 });
  }

  async size(width: number, height: number): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }

  async media(scheme: 'light' | 'dark', media: 'screen' | 'print' = 'screen'): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.send('Emulation.setEmulatedMedia', { media, features });
  }

  /** What a screen reader is told. */
  async accessible(): Promise<readonly AccessibleNode[]> {
    const { nodes } = await this.send('Accessibility.getFullAXTree');
    return (nodes as readonly ReportedNode[])
      .filter(({ ignored }) => !ignored)
      .map(({ role, name, properties }) => {
        const pressed = properties?.find((each) => each.name === 'pressed')?.value.value;
        return {
          role: `${role?.value ?? ''}`,
          name: `${name?.value ?? ''}`,
          pressed: pressed === undefined ? undefined : `${pressed}`,
        };
      });
  }

  /** The whole page, as PNG. */
  async screenshot(file: string): Promise<void> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
    writeFileSync(file, Buffer.from(String(data), 'base64'));
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#next++;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${method}: no answer`)), DEADLINE_MS);
      this.#waiting.set(id, ({ result, error }) => {
        clearTimeout(timer);
        if (error === undefined) done(result ?? {});
        else fail(new Error(`${method}: ${error.message}`));
      });
      this.#commands.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }

  get #commands(): Writable {
    return this.#child.stdio[3] as Writable;
  }

  get #answers(): Readable {
    return this.#child.stdio[4] as Readable;
  }

  #heard(message: Message): void {
    if (message.id !== undefined) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else if (message.method === 'Network.requestWillBeSent') {
      const request = message.params?.['request'] as { readonly url: string } | undefined;
      if (request !== undefined) this.requests.push(request.url);
    } else if (message.method === 'Runtime.exceptionThrown') this.errors.push(JSON.stringify(message.params));
  }
}
