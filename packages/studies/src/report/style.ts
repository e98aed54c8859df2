/* The report's stylesheet: one column on a phone, cards on a screen, plain sheets on paper. */
export const style = `
:root{--ink:#1d2733;--muted:#66727f;--line:#e3e7eb;--paper:#fff;--wash:#f6f8f9;--data:#2f6690;--wanted:#d1495b;--good:#3a7d44;--warn:#c77c02}
*{box-sizing:border-box}
body{margin:0;background:var(--wash);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:19px;margin:36px 0 10px;padding-top:14px;border-top:2px solid var(--ink)}h3{font-size:15px;margin:18px 0 6px}
p{margin:6px 0 12px;max-width:72ch}.lead{color:var(--muted);margin-top:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0}
.tile{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 14px}.tile b{display:block;font-size:22px;line-height:1.15;font-variant-numeric:tabular-nums}.tile span{color:var(--muted);font-size:12.5px}
.targets{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0 0;padding:0;list-style:none}.targets li{background:#fbeef0;border:1px solid #efc9cf;color:#8c2433;border-radius:999px;padding:2px 12px;font-size:14px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:14px}
figure{margin:0;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:10px}figure svg{width:100%;height:auto;display:block}figcaption{font-size:13px;color:var(--muted);padding:4px 6px 2px}
figure.wide{grid-column:1/-1;max-width:760px}
table{border-collapse:collapse;background:var(--paper);font-size:13.5px;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto;margin:8px 0 16px}
th,td{padding:5px 12px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}th{color:var(--muted);font-weight:600}tr.chosen td{font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:14px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:12px;display:flex;flex-direction:column;break-inside:avoid}
.card header{display:flex;justify-content:space-between;align-items:baseline;gap:8px}.rank{font-weight:700}.prob{font-variant-numeric:tabular-nums}
.draw svg{width:100%;height:auto;max-height:190px;display:block}
.smiles{font:11.5px/1.35 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--muted);overflow-wrap:anywhere;margin:2px 0 8px}
.tags{display:flex;flex-wrap:wrap;gap:5px;margin:4px 0 8px}.tag{font-size:11.5px;border-radius:4px;padding:1px 7px;background:#eef2f5;color:var(--muted)}.tag.good{background:#e6f2e8;color:#256332}.tag.warn{background:#fdf1dc;color:#8a5600}.tag.bad{background:#fbe9ec;color:#8c2433}
.value{display:grid;grid-template-columns:1fr auto;gap:0 8px;font-size:13px;margin-top:4px}.value .bar{grid-column:1/-1}.value b{font-variant-numeric:tabular-nums;font-weight:600}.value small{color:var(--muted)}
.near{display:grid;grid-template-columns:92px 1fr;gap:8px;align-items:center;border-top:1px solid var(--line);margin-top:10px;padding-top:8px;font-size:12.5px;color:var(--muted)}.near svg{width:100%;height:auto;display:block}
details{margin-top:8px;font-size:13px}summary{cursor:pointer;color:var(--data)}
.note{background:#fff8e8;border:1px solid #f1dfb4;border-radius:8px;padding:8px 14px;margin:10px 0;max-width:none}
pre{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px;overflow-x:auto;font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{color:var(--muted);font-size:13px;margin-top:40px}
@media (max-width:520px){main{padding:16px 12px 40px}h1{font-size:22px}th,td{padding:5px 8px}}
@media print{body{background:#fff;font-size:11pt}main{max-width:none;padding:0}.cards{grid-template-columns:repeat(3,1fr)}.figures{grid-template-columns:repeat(2,1fr)}figure,.card,.tile,tr{break-inside:avoid}h2{break-after:avoid}details{display:block}summary{display:none}details>*{display:block}.scroll{overflow:visible}pre{white-space:pre-wrap}}
`;
