/* The report's stylesheet: one column on a phone, cards on a screen, plain sheets on paper. Light everywhere: drawings have black bonds. */
export const style = `
:root{color-scheme:light;--ink:#1d2733;--muted:#5b6773;--line:#e3e7eb;--paper:#fff;--wash:#f6f8f9;--data:#2f6690;--wanted:#c23b4e;--wanted-soft:#f6d9d3;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:12px}
body{margin:0;background:var(--wash);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1160px;margin:0 auto;padding:28px 20px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:20px;line-height:1.25;margin:40px 0 10px;padding-top:14px;border-top:2px solid var(--ink)}
h3{font-size:16px;margin:22px 0 8px;overflow-wrap:anywhere}h3 .by{font-weight:400;font-size:13px;color:var(--muted);margin-left:10px}
p{margin:6px 0 12px;max-width:76ch;overflow-wrap:break-word}.lead{color:var(--muted);margin-top:0}.fine{font-size:12px;line-height:1.4;color:var(--muted);margin:2px 0 6px}
a{color:var(--data)}code{font:.92em var(--mono);overflow-wrap:anywhere}abbr{text-decoration:none}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;margin:14px 0 0;padding:0;list-style:none;font-size:14px}
.targets{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0 0;padding:0;list-style:none}
.targets li{background:#fbeeeb;border:1px solid #ecc9c2;color:#7c2430;border-radius:999px;padding:2px 13px;font-size:14px;overflow-wrap:anywhere}.targets b{font-variant-numeric:tabular-nums}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:10px;margin:18px 0}
.tile{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.tile b{display:block;font-size:23px;line-height:1.2;font-variant-numeric:tabular-nums}.tile span{display:block;color:var(--muted);font-size:12.5px;line-height:1.35;overflow-wrap:anywhere}
.note{background:#fff8e8;border:1px solid #ecd9a6;border-left:4px solid #b86e00;border-radius:6px;padding:9px 14px;margin:12px 0;max-width:none;overflow-wrap:anywhere}.note ul{margin:4px 0 0;padding-left:20px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:14px;margin:10px 0;align-items:start}
.figures.two{grid-template-columns:repeat(auto-fit,minmax(min(100%,470px),1fr))}.figures>*{min-width:0}
figure{margin:0;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:10px}
figure>svg{display:block;max-width:100%;height:auto;margin:0 auto}figcaption{font-size:12.5px;line-height:1.4;color:var(--muted);padding:6px 4px 0}
.scroll{overflow-x:auto;margin:8px 0 14px;border:1px solid var(--line);border-radius:8px;background:var(--paper);width:fit-content;max-width:100%}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}tr:last-child>*{border-bottom:0}
thead th{color:var(--muted);font-weight:600}th:first-child{text-align:left;position:sticky;left:0;background:var(--paper);white-space:normal;min-width:84px;max-width:260px;overflow-wrap:anywhere}tbody th{font-weight:400}
tr.chosen>*{font-weight:600}details .scroll td:last-child{text-align:left}details .scroll th:last-child{text-align:left}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;margin:4px 0 10px;padding:0;list-style:none;font-size:13px;color:var(--muted)}.key li{display:flex;align-items:center;gap:7px}
.key span{display:inline-block;width:26px;height:12px;flex:none}
.k-band{background:radial-gradient(circle at center,var(--data) 4.5px,transparent 5px),linear-gradient(var(--data),var(--data)) center/100% 3.5px no-repeat}
.k-target{background:var(--wanted-soft);border-left:2px solid var(--wanted);border-right:2px solid var(--wanted)}
.k-track{background:linear-gradient(#d5dbe0,#d5dbe0) center/100% 6px no-repeat}
.key .k-near{width:9px;height:8px;background:var(--muted);clip-path:polygon(50% 0,100% 100%,0 100%)}
.key .k-ring{width:12px;border:2px solid var(--ink);border-radius:50%}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,345px),1fr));gap:14px;align-items:start}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:12px 14px;min-width:0}
.card header{display:flex;justify-content:space-between;align-items:center;gap:10px}
.card h3{margin:0;font-size:15px;min-width:28px;height:28px;padding:0 7px;border-radius:14px;background:var(--ink);color:#fff;display:grid;place-items:center;font-variant-numeric:tabular-nums}
.prob{font-size:12.5px;color:var(--muted);text-align:right}.prob b{font-size:17px;color:var(--ink);font-variant-numeric:tabular-nums}
.meter{display:block;height:4px;border-radius:2px;background:var(--line);margin-top:2px}.meter i{display:block;height:4px;border-radius:2px;background:var(--data)}
.pair{display:grid;grid-template-columns:minmax(0,1.55fr) minmax(0,1fr);gap:12px;margin:8px 0 4px}.pair>:only-child{grid-column:1/-1}
.draw>div>svg{width:100%;height:auto;display:block}
.near{border-left:1px solid var(--line);padding-left:12px;color:var(--muted)}.near>div>svg{width:100%;height:auto;display:block}.near p{font-size:11.5px;line-height:1.35;margin:2px 0 4px}
.structure{font:11px/1.35 var(--mono);color:var(--muted);overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
.alloy{font-size:20px;font-weight:600;margin:8px 0 2px}.alloy sub{font-size:.68em}
.worded th,.worded td{white-space:normal}.worded thead th:not(:first-child){min-width:72px;max-width:130px}.worded th:first-child{min-width:230px;max-width:420px}.worded td .fine{display:block;white-space:nowrap}.worded td.long{min-width:200px;text-align:left}
ol.rule{margin:10px 0 14px;padding:12px 16px 12px 34px;background:var(--paper);border:1px solid var(--line);border-left:4px solid var(--wanted);border-radius:8px;font-size:16px}ol.rule li{margin:3px 0}
figure.whole{margin:12px 0}span.whole{white-space:nowrap}
.tags{display:flex;flex-wrap:wrap;gap:5px;margin:8px 0}.tag{font-size:11.5px;line-height:1.4;border-radius:4px;padding:1px 7px;background:#eef2f5;color:#46525d;overflow-wrap:anywhere}
.tag.good{background:#e1f1e8;color:#17583a}.tag.warn{background:#fcefd8;color:#7a4a00}.tag.bad{background:#fae6e4;color:#8c2433}
.value{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 10px;font-size:13px;margin-top:6px;align-items:baseline}.value>span:first-child{overflow-wrap:anywhere}.value>span+span{text-align:right;font-variant-numeric:tabular-nums}
.value .bar{grid-column:1/-1}.value .beside{grid-column:1/-1;display:flex;justify-content:space-between;gap:10px}.value b{font-weight:600}.value small{color:var(--muted);font-size:12px}.bar>svg{width:100%;height:auto;display:block}
details{margin-top:8px;font-size:13px}summary{cursor:pointer;color:var(--data);width:fit-content}.card details>svg{width:100%;height:auto;display:block;max-width:400px}
pre{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px;overflow-x:auto;font:12.5px/1.45 var(--mono)}
footer{color:var(--muted);font-size:13px;margin-top:40px;max-width:76ch}
:focus-visible{outline:2px solid var(--data);outline-offset:2px}
@media (min-width:800px){figure.wide{grid-column:span 2;grid-row:span 2}figure.wide>svg{width:min(100%,590px)}}
@media (max-width:520px){main{padding:16px 12px 40px}h1{font-size:23px}h2{margin-top:32px}th,td{padding:5px 8px}.tiles{grid-template-columns:1fr 1fr;gap:8px}.tile{padding:9px 11px}.tile b{font-size:20px}figure{padding:8px 6px}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{size:A4;margin:14mm 13mm}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{background:#fff;font-size:10pt}main{max-width:none;padding:0}nav{display:none}h1{font-size:20pt}h2{font-size:14pt;margin-top:20pt}a{color:inherit;text-decoration:none}
h2,h3{break-after:avoid}figure,.card,.tile,.scroll,.note,tr{break-inside:avoid}p,details{break-inside:avoid}
.tiles{grid-template-columns:repeat(4,1fr)}.figures{display:block;font-size:0}.figures>*{display:inline-block;vertical-align:top;width:48.5%;margin:0 1.5% 8pt 0;font-size:10pt}.figures>figure.wide{width:98.5%}figure>svg{max-height:57mm}figure.wide>svg{max-height:none;width:62%}
.cards{display:block}.card{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,.95fr) minmax(0,1.15fr);gap:0 11pt;align-items:start;margin:0 0 7pt;padding:7pt 9pt}.card header{grid-column:1}.look{grid-column:1}.values{grid-column:2;grid-row:1/span 2}.card details{grid-column:3;grid-row:1/span 2}.value{font-size:11.5px}.value small,.beside{font-size:10px}.tag{font-size:10px}.structure{font-size:9px}.near p,.card .fine{font-size:9.5px}.prob b{font-size:14px}.card header h3{height:22px;min-width:22px;font-size:12px}.card details{margin-top:0}.card details .fine{margin:0}
.structure{display:block}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:3pt 6pt}
details::details-content{content-visibility:visible;height:auto;display:block}details>summary{list-style:none;color:var(--muted)}summary::-webkit-details-marker{display:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere}}
`;
