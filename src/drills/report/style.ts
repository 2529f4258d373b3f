// The style of the report: one sheet inside the page, light and dark by the reader's setting, printable.
// Contrast of text is at least 4.5 : 1 in both; verdicts carry a word and a sign beside their colour.

export const STYLE = `
:root { color-scheme: light dark; --bg:#f6f7f9; --card:#ffffff; --ink:#1b2430; --soft:#5a6675; --line:#dfe4ea; --lane:#f1f4f7;
  --blue:#2f6db5; --area:#2f6db533; --bad:#b8281f; --bad-soft:#d9362b2b; --good:#17703f; --good-soft:#e2f3e9; --warn:#8a5a00;
  --warn-soft:#fdf0d3; --bad-chip:#fbe4e2; --mute-chip:#e9edf1; --heal:#17703f; --head:#16283d; --head-ink:#f4f7fa; --head-soft:#b9c7d6; }
@media (prefers-color-scheme: dark) { :root { --bg:#0f141a; --card:#171e26; --ink:#e6ebf1; --soft:#9aa8b7; --line:#2a343f; --lane:#1d2630;
  --blue:#79b0ee; --area:#79b0ee38; --bad:#ff8a80; --bad-soft:#ff6a5c3d; --good:#6fd39b; --good-soft:#153524; --warn:#f0c060;
  --warn-soft:#3a2e10; --bad-chip:#43201d; --mute-chip:#26303a; --heal:#6fd39b; --head:#14202d; --head-ink:#f0f4f8; --head-soft:#a9b8c8; } }
* { box-sizing: border-box; }
body { margin:0; background:var(--bg); color:var(--ink); font:15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
header { background:var(--head); color:var(--head-ink); padding:34px 0 30px; }
.wrap { max-width:1060px; margin:0 auto; padding:0 24px; }
header p { margin:0; color:var(--head-soft); }
header .kicker { font-size:13px; letter-spacing:.08em; text-transform:uppercase; }
h1 { font-size:32px; line-height:1.2; margin:6px 0 8px; font-weight:650; letter-spacing:-.01em; }
h2 { font-size:20px; margin:0; font-weight:650; } h3 { font-size:14px; margin:24px 0 8px; font-weight:650; }
.card { background:var(--card); border:1px solid var(--line); border-radius:12px; padding:22px 24px; margin:20px 0; }
.title { display:flex; gap:12px; align-items:center; justify-content:space-between; flex-wrap:wrap; }
.reason { margin:6px 0 0; font-size:16px; } .muted { color:var(--soft); }
.chip { display:inline-block; border-radius:999px; padding:2px 12px; font-size:13px; font-weight:650; white-space:nowrap; }
.chip.pass { background:var(--good-soft); color:var(--good); } .chip.fail { background:var(--bad-chip); color:var(--bad); }
.chip.inconclusive { background:var(--warn-soft); color:var(--warn); } .chip.refused { background:var(--mute-chip); color:var(--soft); }
.scroll { overflow-x:auto; } table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums; }
th { text-align:left; font-size:12.5px; font-weight:600; color:var(--soft); border-bottom:1px solid var(--line); padding:6px 14px 6px 0; vertical-align:bottom; }
td, tbody th { border-bottom:1px solid var(--line); padding:9px 16px 9px 0; vertical-align:top; font-size:14.5px; white-space:nowrap; }
tbody th { color:var(--ink); white-space:normal; min-width:200px; } tr:last-child td, tr:last-child th { border-bottom:0; } thead tr th { border-bottom:1px solid var(--line); }
td:last-child, th:last-child { padding-right:0; } td.wide { white-space:normal; }
td.num, th.num { text-align:right; } td small, th small { color:var(--soft); display:block; font-size:12.5px; font-weight:400; overflow-wrap:anywhere; }
a { color:var(--blue); } code { font:13.5px ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background:var(--lane); border-radius:8px; padding:12px 14px; overflow-x:auto; margin:8px 0 0; }
dl.facts { display:flex; flex-wrap:wrap; gap:6px 30px; margin:14px 0 18px; } dl.facts div { min-width:96px; }
dt { font-size:12.5px; color:var(--soft); } dd { margin:0; font-weight:600; }
svg.range { display:block; } svg.timeline { width:100%; min-width:720px; height:auto; display:block; } svg text { font:12px system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; fill:var(--ink); }
.grid { stroke:var(--line); stroke-width:1; } svg .tick, svg .lane-note { fill:var(--soft); font-size:11px; } svg .lane-name { font-weight:600; font-size:12.5px; }
.lane-back { fill:var(--lane); } .area { fill:var(--area); } .line { fill:none; stroke:var(--blue); stroke-width:1.3; stroke-linejoin:round; }
.lane-control .area { fill:none; } .lane-control .line { stroke:var(--soft); } .band { fill:var(--bad-soft); } .failed { fill:var(--bad); }
svg .band-label { fill:var(--bad); font-weight:650; paint-order:stroke; stroke:var(--lane); stroke-width:3px; }
.mark line { stroke:var(--soft); stroke-width:1.2; stroke-dasharray:4 3; } .mark circle { fill:var(--soft); } svg .mark text { font-weight:600; }
.mark-fault line { stroke:var(--bad); } .mark-fault circle { fill:var(--bad); } .mark-heal line, .mark-healthy line { stroke:var(--heal); } .mark-heal circle, .mark-healthy circle { fill:var(--heal); }
.range-axis { stroke:var(--line); stroke-width:2; } .range-bar { fill:var(--area); } .range-expected { stroke:var(--blue); stroke-width:1.5; }
.range-limit { stroke:var(--soft); stroke-width:1.5; stroke-dasharray:2 2; } .range-dot { fill:var(--ink); } .range-dot.over { fill:var(--bad); }
.legend { font-size:12.5px; color:var(--soft); margin:8px 0 0; }
details { margin-top:14px; } summary { cursor:pointer; color:var(--soft); } footer { padding:4px 0 40px; font-size:13.5px; color:var(--soft); }
.two { display:grid; grid-template-columns:repeat(auto-fit, minmax(300px, 1fr)); gap:0 40px; }
@media print { :root { --bg:#fff; --card:#fff; --lane:#f4f4f4; --head:#fff; --head-ink:#000; --head-soft:#444; } header { padding:0; }
  .card { break-inside:avoid; border-color:#bbb; } .wrap { max-width:none; padding:0; } a { color:inherit; text-decoration:none; } svg.timeline { min-width:0; } }
`;
