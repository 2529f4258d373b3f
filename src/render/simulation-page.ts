// Style and script of the page of the failure matrix. Contrast of text is at least 4.5 : 1 in light and dark; states
// carry words beside their colour.
import { LIGHT, MAP_STYLE } from './simulation-map.ts';

const DARK =
  '--bg:#0f141a;--card:#171e26;--ink:#e6ebf1;--soft:#9aa8b7;--line:#37434f;--lane:#1d2630;--blue:#79b0ee;--vip:#1c3350;--net:#232d38;--edge:#3a2e10;--warn:#f0c060';

export const PAGE_STYLE = `
:root { color-scheme: light dark; ${LIGHT}; --down:#f6c9c4; --down-ink:#7c150f; --part:#fbe0d6; --part-ink:#803015; --long:#fbe7b8; --long-ink:#6a4500; --short:#eef3c9; --short-ink:#46510a; --blink:#e3f2e6; --blink-ink:#1d5a33; --pick:#2f6db5; }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK}; --down:#5a1d1a; --down-ink:#ffd3cf; --part:#4d2a1e; --part-ink:#ffd9c9; --long:#4a3a12; --long-ink:#ffe4a3; --short:#333a15; --short-ink:#e4edb0; --blink:#173522; --blink-ink:#a9e0bd; --pick:#79b0ee; } }
* { box-sizing:border-box; } body { margin:0; background:var(--bg); color:var(--ink); font:15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
.wrap { max-width:1180px; margin:0 auto; padding:0 24px; } header { background:#16283d; color:#f4f7fa; padding:30px 0 26px; } header p { margin:0; color:#b9c7d6; }
.kicker { font-size:13px; letter-spacing:.06em; } h1 { font-size:30px; line-height:1.2; margin:4px 0 8px; } h2 { font-size:19px; margin:0 0 6px; }
.card { background:var(--card); border:1px solid var(--line); border-radius:12px; padding:20px 22px; margin:18px 0; } .muted, small { color:var(--soft); } small { display:block; font-size:12.5px; }
.scroll { overflow-x:auto; } table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums; font-size:14px; } th, td { text-align:left; padding:6px 10px 6px 0; border-bottom:1px solid var(--line); vertical-align:top; }
thead th { font-size:12.5px; color:var(--soft); font-weight:600; } tbody th { font-weight:600; } abbr { text-decoration:none; }
.matrix td { padding:4px 6px; border:2px solid var(--card); border-radius:6px; font-size:13px; min-width:74px; } .matrix th[scope=row] { white-space:nowrap; } .quiet { color:var(--soft); font-size:12px; }
summary { cursor:pointer; } .why { min-width:280px; max-width:420px; white-space:normal; padding:6px 0; } .why ol { margin:4px 0; padding-left:18px; } .why p { margin:2px 0; } .improve { font-weight:600; }
.why small, td small { color:inherit; opacity:.85; }
.down { background:var(--down); color:var(--down-ink); } .part { background:var(--part); color:var(--part-ink); } .long { background:var(--long); color:var(--long-ink); } .short { background:var(--short); color:var(--short-ink); } .blink { background:var(--blink); color:var(--blink-ink); }
.controls { display:flex; gap:12px; flex-wrap:wrap; margin:10px 0; } select, button { font:inherit; color:var(--ink); background:var(--card); border:1px solid var(--soft); border-radius:6px; padding:4px 10px; max-width:420px; }
button.fail { border:0; padding:2px 0; background:none; color:var(--blue); text-decoration:underline; cursor:pointer; font-weight:600; } :focus-visible { outline:3px solid var(--pick); outline-offset:2px; }
.tiles { list-style:none; margin:10px 0; padding:0; display:grid; grid-template-columns:repeat(auto-fill, minmax(176px, 1fr)); gap:8px; } .tile { border:1px solid var(--line); border-radius:8px; padding:8px 10px; } .tile span { display:block; font-size:12.5px; } .tile .meaning { opacity:.8; } .tile .state { font-weight:650; }
#failed { font-weight:650; } #why { display:grid; grid-template-columns:repeat(auto-fill, minmax(320px, 1fr)); gap:0 24px; }
.chip { border-radius:999px; padding:1px 10px; font-size:12.5px; white-space:nowrap; background:var(--long); color:var(--long-ink); } .chip.critical { background:var(--down); color:var(--down-ink); } .wide { min-width:220px; }
.map { width:100%; min-width:760px; height:auto; display:block; margin-top:12px; } .map .el[data-element] { cursor:pointer; } .map .el:focus-visible > rect { stroke:var(--pick); stroke-width:3; } .map .el.failed > rect { fill:var(--down); stroke:var(--down-ink); stroke-width:2; } .map .el.hit > rect { stroke:var(--part-ink); stroke-width:2; stroke-dasharray:4 3; } .map .el.failed > text { fill:var(--down-ink); }
${MAP_STYLE}
@media print { :root { color-scheme:light; --bg:#fff; } header { background:#fff; color:#000; padding:0; } header p { color:#333; } .controls, #failed { display:none; } .card { break-inside:avoid; border-color:#bbb; } .wrap { max-width:none; padding:0; } td, .tile, .map rect { print-color-adjust:exact; -webkit-print-color-adjust:exact; } }
`;

/** Plain script of the page: no library, nothing fetched. A pair that has no row has the effect of its worse half. */
export const PAGE_SCRIPT = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const known = new Map();
for (const scenario of data.scenarios) for (const name of scenario.members) known.set(name, scenario.states.map((index) => (index < 0 ? 0 : data.states[index])));
const order = { blink: 1, short: 2, long: 3, part: 4, down: 5 };
const pick = document.getElementById('pick');
const names = [...known.keys()].filter((name) => !name.includes(' + '));
for (const name of names) pick.append(new Option(name, name));
let failed = [];
function statesOf(names) {
  if (names.length === 0) return data.capabilities.map(() => 0);
  const exact = known.get(names.join(' + ')) ?? known.get([...names].reverse().join(' + '));
  if (exact) return exact;
  return data.capabilities.map((_, index) => names.map((name) => (known.get(name) ?? [])[index] ?? 0).reduce((a, b) => ((order[b.heat] ?? 0) > (order[a.heat] ?? 0) ? b : a), 0));
}
function show() {
  const states = statesOf(failed);
  const guessed = failed.length === 2 && !known.has(failed.join(' + ')) && !known.has([...failed].reverse().join(' + '));
  document.getElementById('failed').textContent = failed.length === 0 ? 'Nothing has failed.' : 'Failed: ' + failed.join(' and ') + (guessed ? ' (at least this; hastack simulate --failures 2 lists pairs)' : '');
  const why = document.getElementById('why');
  why.replaceChildren();
  data.capabilities.forEach((capability, index) => {
    const tile = document.querySelector('[data-capability="' + capability + '"]');
    const state = states[index];
    tile.className = 'tile ' + (state ? state.heat : 'unaffected');
    tile.querySelector('.state').textContent = state ? state.text : 'unaffected';
    if (!state) return;
    const part = document.createElement('details');
    part.innerHTML = '<summary></summary>' + state.why;
    part.querySelector('summary').textContent = 'Why ' + capability + '?';
    why.append(part);
  });
  for (const part of document.querySelectorAll('[data-element]')) {
    const down = failed.includes(part.dataset.element);
    part.classList.toggle('failed', down);
    part.setAttribute('aria-pressed', String(down));
    part.classList.toggle('hit', !down && failed.some((name) => (part.dataset.domains ?? '').split(' ').includes(name) || part.dataset.element === 'host/' + name.split('/')[1]));
  }
  pick.value = failed[0] ?? '';
}
function toggle(name) {
  failed = failed.includes(name) ? failed.filter((each) => each !== name) : [...failed, name].slice(-2);
  show();
}
for (const part of document.querySelectorAll('[data-element]')) {
  part.setAttribute('tabindex', '0');
  part.setAttribute('role', 'button');
  part.setAttribute('aria-label', 'fail ' + part.dataset.element);
  part.addEventListener('click', () => toggle(part.dataset.element));
  part.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    toggle(part.dataset.element);
  });
}
for (const button of document.querySelectorAll('[data-fail]')) {
  button.addEventListener('click', () => { failed = [button.dataset.fail]; show(); document.getElementById('map-title').scrollIntoView(); });
}
pick.addEventListener('change', () => { failed = pick.value === '' ? [] : [pick.value]; show(); });
document.getElementById('clear').addEventListener('click', () => { failed = []; show(); });
const start = decodeURIComponent(location.hash.slice(1));
if (start !== '') failed = start.split('+').map((name) => name.trim()).slice(0, 2);
show();
`;
