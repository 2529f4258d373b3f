// The page of `simulate --html` in a real browser: keyboard, screen reader, light, dark, print, small screens.
// SCREENSHOTS=DIR keeps pictures of it. Left out where Chromium is not installed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateCluster } from '../../src/phases/simulate.ts';
import { simulationHtml } from '../../src/render/simulation-html.ts';
import { checkSpec } from '../../src/spec/check.ts';
import { initText } from '../../src/spec/init.ts';
import { Chromium, hasChromium } from '../support/chromium.ts';

const root = mkdtempSync(join(tmpdir(), 'hastack-page-'));
const file = join(root, 'page.html');
const TILE = (capability: string) => `document.querySelector('[data-capability="${capability}"] .state').textContent`;
const SAID = `document.getElementById('failed').textContent`;
const focus = (element: string) => `document.querySelector('[data-element="${element}"]').focus()`;

/** Texts whose contrast with what is behind them is under 4.5 : 1 (WCAG 2.1, 1.4.3), first 5. */
const LOW_CONTRAST = `(() => {
  const channel = (v) => { const c = v / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const behind = (e) => { for (let at = e; at; at = at.parentElement) { const c = numbers(getComputedStyle(at).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg') || ['SCRIPT', 'STYLE', 'OPTION'].includes(e.tagName)) continue;
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '') || e.offsetParent === null) continue;
    let opacity = 1; for (let at = e; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const back = behind(e); const ink = numbers(getComputedStyle(e).color).slice(0, 3).map((v, i) => v * opacity + back[i] * (1 - opacity));
    const [a, b] = [luminance(ink), luminance(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30));
  }
  return found.slice(0, 5);
})()`;

describe.skipIf(!hasChromium)('the page of the failure matrix', () => {
  let page: Chromium;

  beforeAll(async () => {
    const { planned } = checkSpec(initText('three-controllers', {}), 'cluster.yaml');
    if (planned === undefined) throw new Error('the preset is invalid');
    writeFileSync(file, simulationHtml(simulateCluster(planned, { failures: 2 })));
    page = await Chromium.open();
    await page.goto(file);
  });
  afterAll(async () => {
    await page?.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function shot(name: string): Promise<void> {
    const directory = process.env['SCREENSHOTS'];
    if (directory !== undefined) await page.screenshot(join(directory, `${name}.png`));
  }

  it('loads nothing but itself and throws nothing', () => {
    expect(page.requests.filter((url) => !url.startsWith('about:'))).toEqual([`file://${file}`]);
    expect(page.errors).toEqual([]);
  });

  it('fails and heals a host by keyboard, and says so', async () => {
    await page.evaluate(focus('host/ctl1'));
    await page.key('Enter');
    expect(await page.evaluate(SAID)).toBe('Failed: host/ctl1');
    expect(await page.evaluate(TILE('identity'))).toBe('interrupted for about 2.8 s');
    expect(await page.evaluate(`document.querySelectorAll('#why details').length`)).toBeGreaterThan(0);
    await shot('failed-host');
    await page.key(' ');
    expect(await page.evaluate(SAID)).toBe('Nothing has failed.');
    expect(await page.evaluate(TILE('identity'))).toBe('unaffected');
  });

  it('reaches every part of the map with Tab', async () => {
    const wanted = Number(await page.evaluate(`document.querySelectorAll('[data-element]').length`));
    await page.evaluate(`document.getElementById('clear').focus()`);
    const reached = new Set<unknown>();
    for (let step = 0; step < wanted + 20; step += 1) {
      await page.key('Tab');
      reached.add(await page.evaluate(`document.activeElement?.dataset?.element ?? ''`));
    }
    reached.delete('');
    expect(reached.size).toBe(wanted);
  });

  it('fails two things by mouse, from the map and from the matrix, and marks what lies in a failed rack', async () => {
    await page.click('[data-element="host/ctl1"]');
    await page.click('[data-element="host/ctl2"]');
    expect(await page.evaluate(TILE('identity'))).toBe('down');
    await page.click('#clear');
    await page.evaluate(`document.querySelector('[data-fail="network/data"]').click()`);
    expect(await page.evaluate(SAID)).toBe('Failed: network/data');
    await page.click('#clear');
    await page.click('[data-element="rack/r2"]');
    expect(await page.evaluate(SAID)).toBe('Failed: rack/r2');
    expect(await page.evaluate(`[...document.querySelectorAll('.hit')].map((e) => e.dataset.element)`)).toEqual([
      'host/ctl2',
    ]);
    await page.click('#clear');
  });

  it('has a name for whatever can be operated, and tells what is pressed', async () => {
    await page.evaluate(focus('host/ctl1'));
    await page.key('Enter');
    const nodes = await page.accessible();
    const operable = nodes.filter(({ role }) => ['button', 'combobox', 'DisclosureTriangle', 'link'].includes(role));
    expect(operable.length).toBeGreaterThan(10);
    expect(operable.filter(({ name }) => name === '')).toEqual([]);
    expect(nodes.find(({ name }) => name === 'fail host/ctl1')).toMatchObject({ role: 'button', pressed: 'true' });
    expect(nodes.filter(({ role }) => role === 'columnheader').length).toBeGreaterThan(3);
    expect(nodes.some(({ role, name }) => role === 'heading' && name === 'Single failures')).toBe(true);
    await page.click('#clear');
  });

  it.each(['light', 'dark'] as const)('is readable in %s', async (scheme) => {
    await page.media(scheme);
    await page.evaluate(focus('network/data'));
    await page.key('Enter');
    await shot(scheme);
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    await page.evaluate(`document.querySelectorAll('.matrix details').forEach((e) => { e.open = true; })`);
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    await page.evaluate(`document.querySelectorAll('details').forEach((e) => { e.open = false; })`);
    await page.click('#clear');
  });

  it('prints dark on white whatever the reader likes on screens', async () => {
    await page.media('dark', 'print');
    await shot('print');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.controls')).display`)).toBe('none');
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    await page.media('light');
  });

  it('needs no sideways scrolling of the page on a small screen', async () => {
    await page.size(390, 800);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await shot('small');
    await page.size(1280, 900);
  });
});
