/*
 * The report: one self-contained HTML file without scripts or network, for a screen, a phone and paper.
 */
import { escapeText, readable } from "@tatara/charts";
import { candidateSection } from "./candidates.ts";
import { designSection, verificationSection } from "./design.ts";
import { percent } from "./format.ts";
import { style } from "./style.ts";
import type { ReportData } from "./types.ts";
import { validationSection } from "./validation.ts";

/** The whole page. */
export function renderHtml(data: ReportData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Tatara ${escapeText(data.version)}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeText(data.title)} — Tatara</title>
<style>${style}</style>
</head>
<body><main>
${[head(data), tiles(data), warnings(data), verificationSection(data), candidateSection(data), designSection(data), validationSection(data), reproduce(data)].filter((part) => part !== "").join("\n")}
</main></body>
</html>
`;
}

const head = ({ title, about, properties }: ReportData) => {
  const targets = properties.filter((p) => p.target !== undefined).map((p) => `<li>${escapeText(p.name.replaceAll("_", " "))} ${escapeText(p.target!.text)}</li>`);
  return `<header><h1>${escapeText(title)}</h1><p class="lead">${escapeText(about)}</p>${targets.length > 0 ? `<ul class="targets">${targets.join("")}</ul>` : ""}</header>`;
};

const tile = (value: string, name: string) => `<div class="tile"><b>${escapeText(value)}</b><span>${escapeText(name)}</span></div>`;

function tiles({ data, design, validation, verification }: ReportData): string {
  const ours = verification?.arms[0];
  const shown = [
    ...(design
      ? [
          tile(String(design.counts.unique), "candidates that satisfy the constraints"),
          tile(percent(design.counts.inside / Math.max(1, design.counts.unique)), "predicted inside the target"),
          tile(percent(design.counts.novel / Math.max(1, design.counts.unique)), "novel: in neither data nor corpus"),
          tile(readable(design.counts.expectedHits), "expected hits among them, by their probabilities"),
        ]
      : []),
    ...(ours ? [tile(`${ours.hits} of ${ours.calculated}`, "recomputed candidates in the target")] : []),
    tile(String(data.rows), `materials learnt from${data.rejected > 0 ? `; ${data.rejected} rows refused` : ""}`),
    ...validation.slice(0, 2).map((v) => (v.kind === "number" ? tile(readable(v.metrics["r2"] ?? Number.NaN), `R² of ${v.name.replaceAll("_", " ")}, ${data.split} split`) : tile(readable(v.metrics["logLoss"] ?? Number.NaN), `log loss of ${v.name}, ${data.split} split`))),
  ];
  return `<section class="tiles">${shown.join("")}</section>`;
}

const warnings = ({ warnings: list }: ReportData) => list.map((text) => `<p class="note">${escapeText(text)}</p>`).join("");



function reproduce({ study, version, seed, seconds, command, data }: ReportData): string {
  return `<section><h2>How to reproduce it</h2>
<p>Tatara ${escapeText(version)}, seed ${seed}, data <code>${escapeText(data.id.slice(0, 16))}</code> from ${escapeText(data.table)} (${data.rows} materials, ${data.features} features). It took ${readable(seconds)} s. The same build on the same kind of processor gives the same candidates to the last bit, with any number of workers.</p>
<pre>${escapeText(command)}</pre>
<details><summary>The study with every default</summary><pre>${escapeText(study)}</pre></details>
</section>
<footer>Made with Tatara. Candidates are proposals of a statistical model: the bands say how unsure it is, and only a measurement decides.</footer>`;
}
