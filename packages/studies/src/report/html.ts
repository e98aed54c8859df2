/*
 * The report: one self-contained HTML file without scripts or network, for a screen, a phone and paper.
 */
import { escapeText, nameOf } from "@tatara/charts";
import { candidateSection } from "./candidates.ts";
import { curvesLinks, curvesSection } from "./curves.ts";
import { designSection } from "./design.ts";
import { anchor, count, named } from "./format.ts";
import { reproduceSection } from "./reproduce.ts";
import { rulesLinks, rulesSection } from "./rules.ts";
import { screenLinks, screenSection } from "./screen.ts";
import { style } from "./style.ts";
import { tiles } from "./tiles.ts";
import type { ReportData } from "./types.ts";
import { validationSection } from "./validation.ts";
import { verificationSection } from "./verification.ts";

/** The whole page. */
export function renderHtml(data: ReportData): string {
  const parts = [head(data), contents(data), tiles(data), warnings(data), candidateSection(data), screenSection(data), rulesSection(data), curvesSection(data), verificationSection(data), designSection(data), validationSection(data), reproduceSection(data)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="generator" content="Tatara ${escapeText(data.version)}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(data.title)} — Tatara</title>
<style>${style}</style>
</head>
<body><main>
${parts.filter((part) => part !== "").join("\n")}
</main></body>
</html>
`;
}

function head({ title, about, properties }: ReportData): string {
  const targets = properties.filter((p) => p.target !== undefined).map((p) => `<li><span>${named(p.name)}</span> <b>${escapeText(wanted(p.target!.text))}</b></li>`);
  return `<header class="top"><h1>${escapeText(title)}</h1><p class="lead">${escapeText(nameOf(about))}</p>${targets.length > 0 ? `<ul class="targets" aria-label="Targets">${targets.join("")}</ul>` : ""}</header>`;
}

/** The target's grammar in signs that a reader expects. */
const wanted = (text: string) => text.replace(">=", "≥").replace("<=", "≤").replace(" .. ", " … ");

function contents({ design, screen, rules, curves, verification, validation }: ReportData): string {
  const link = (id: string, words: string) => `<li><a href="#${id}">${escapeText(words)}</a></li>`;
  const links = [
    ...(design ? [link("candidates", "Candidates")] : []),
    ...(screen ? screenLinks.map(([id, words]) => link(id, words)) : []),
    ...(rules ? rulesLinks(rules).map(([id, words]) => link(id, words)) : []),
    ...(curves ? curvesLinks.map(([id, words]) => link(id, words)) : []),
    ...(verification ? [link("verification", "What the calculation says")] : []),
    ...(design ? [link("search", "How they were found")] : []),
    link("model", "How good the model is"),
    ...(validation.length > 1 ? validation.map((v, i) => link(anchor(v.name, i), nameOf(v.name))) : []),
    link("reproduce", "How to reproduce it"),
  ];
  return `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`;
}

const warnings = ({ warnings: list }: ReportData) => (list.length === 0 ? "" : `<aside class="note" aria-label="Warnings"><b>${count(list.length, "warning")}</b><ul>${list.map((words) => `<li>${escapeText(words)}</li>`).join("")}</ul></aside>`);
