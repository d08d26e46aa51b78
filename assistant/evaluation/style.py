"""The style sheet of the report page: the colours of the chat page, light and dark, and nothing from outside."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #faf8f4; --sheet: #fff; --ink: #22262a; --soft: #5d646b; --line: #e4dfd5;
  --accent: #1f5c63; --wash: #e6f0f0; --dense: #7d8fb3; --keyword: #c99a3c;
  --good: #2f6b3a; --good-wash: #e8f2e8; --bad: #9b2c2c; --bad-wash: #fbecea;
  --face: -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI",
    "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --sheet: #1e2124; --ink: #e5e2dc; --soft: #a3a8ac; --line: #33373b;
    --accent: #7cc3c9; --wash: #1d3033; --dense: #8ea2cc; --keyword: #d9b05a;
    --good: #9ccf9f; --good-wash: #1f2e22; --bad: #f0a39b; --bad-wash: #3a2422;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--face); }
main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 {
  font-size: 1.3rem; margin: 44px 0 12px; padding-top: 20px; border-top: 1px solid var(--line);
  overflow-wrap: anywhere;
}
h3 { font-size: 1.05rem; margin: 0 0 8px; }
p { margin: 0 0 10px; }
.soft, .made { color: var(--soft); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 18px 0; }
.tile, .card {
  background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 16px; min-width: 0;
}
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile b.bad { color: var(--bad); }
.tile span { display: block; font-size: .88rem; line-height: 1.4; }
.tile small { display: block; color: var(--soft); font-size: .8rem; line-height: 1.4; margin-top: 3px; }
.cards { columns: 2; column-gap: 16px; margin-bottom: 16px; }
.cards .card { break-inside: avoid; margin-bottom: 16px; }
.wide { margin-bottom: 16px; }
svg { display: block; width: 100%; max-width: 500px; height: auto; margin: 8px auto; font-family: var(--face); }
svg text { fill: var(--soft); font-size: 11px; }
svg text.value { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg text.name { font-size: 12px; }
.axis, .grid { stroke: var(--line); stroke-width: 1; }
.guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.gap { stroke: var(--accent); stroke-width: 1.5; opacity: .55; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.now { fill: var(--sheet); stroke: var(--accent); stroke-width: 2.5; }
.dot { fill: var(--accent); fill-opacity: .85; }
.bar.dense, .key.dense { fill: var(--dense); background: var(--dense); }
.bar.keyword, .key.keyword { fill: var(--keyword); background: var(--keyword); }
.bar.fused, .key.fused { fill: var(--accent); background: var(--accent); }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 14px; }
.key:first-child { margin-left: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.45; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); }
tr:last-child > * { border-bottom: 0; }
th { font-weight: 500; }
thead th { color: var(--soft); font-size: .82rem; }
td.figure, th.figure {
  text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding: 6px 0 6px 12px;
}
td small, th small { display: block; color: var(--soft); font-weight: 400; font-size: .8rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.note {
  border-left: 3px solid var(--bad); background: var(--bad-wash); padding: 10px 14px;
  border-radius: 0 8px 8px 0; margin: 14px 0;
}
.note ul { margin: 6px 0 0; padding-left: 1.2em; }
details { border-top: 1px solid var(--line); }
details:first-of-type { border-top: 0; }
summary { cursor: pointer; padding: 9px 0; display: flex; gap: 12px; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "›"; color: var(--soft); transition: transform .15s; }
details[open] > summary::before { transform: rotate(90deg); }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
summary .words { flex: 1; min-width: 0; overflow-wrap: anywhere; }
summary .badge { color: var(--soft); font-size: .82rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
dl { margin: 0 0 14px 20px; display: grid; grid-template-columns: 8.5em 1fr; gap: 6px 14px; font-size: .92rem; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
blockquote {
  margin: 0 0 8px; padding: 2px 0 2px 12px; border-left: 3px solid var(--line); white-space: pre-wrap;
  unicode-bidi: isolate;
}
blockquote.gold { border-color: var(--good); } blockquote.other { border-color: var(--bad); }
blockquote small { display: block; color: var(--soft); white-space: normal; }
ul.moves { margin: 0; padding: 0; list-style: none; font-size: .92rem; }
ul.moves li { padding: 4px 0; overflow-wrap: anywhere; }
ul.moves small { color: var(--soft); white-space: nowrap; margin-right: 8px; }
.method { margin-top: 28px; }
bdi { unicode-bidi: isolate; }
@media (max-width: 820px) { .cards { columns: 1; } }
@media (max-width: 560px) {
  main { padding: 18px 14px 40px; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: 8px; }
  .tile, .card { padding: 12px; }
  dl { grid-template-columns: 1fr; gap: 2px; margin-left: 4px; } dd { margin-bottom: 8px; }
}
@media print { body { background: #fff; } .card, .tile { break-inside: avoid; } }
"""
