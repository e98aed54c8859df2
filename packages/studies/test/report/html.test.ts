import { beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import type { ReportData } from "../../src/report/types.ts";
import { classified, gap, index, invertReport, searched, validated } from "./fixture.ts";

const VOID = new Set(["meta", "br", "img", "link", "hr", "input"]);

/** Names of the elements in order; throws where one closes that was not open. */
function elementsOf(html: string): readonly string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const body = html.replace(/<!doctype html>/, "").replace(/<style>.*?<\/style>/s, "");
  for (const [, slash, tag, self] of body.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (!slash) seen.push(tag!);
    if (slash && open.pop() !== tag) throw new Error(`</${tag}> closes what is not open`);
    if (!slash && !self && !VOID.has(tag!)) open.push(tag!);
  }
  expect(open).toEqual([]);
  return seen;
}

const headingsOf = (html: string) => [...html.matchAll(/<h([1-6])/g)].map((m) => Number(m[1]));

function sound(html: string): void {
  elementsOf(html);
  const ids = [...html.matchAll(/\sid=["']([^"']*)["']/g)].map((m) => m[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, to] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(to);
  expect(html).not.toMatch(/https?:|\ssrc=|<script|<link|@import|url\(|\son\w+=|javascript:/i);
  expect(html).not.toMatch(/\bNaN\b|Infinity|undefined|\bnull\b|\[object/);
  const levels = headingsOf(html);
  expect(levels[0]).toBe(1);
  levels.slice(1).forEach((level, i) => {
    expect(level).toBeGreaterThan(1);
    expect(level).toBeLessThanOrEqual(levels[i]! + 1);
  });
  for (const [svg] of html.matchAll(/<svg[^>]*role="img"[^>]*>.{0,8}/g)) expect(svg).toContain("<title>");
}

const but = <T extends object>(thing: T, changes: Partial<T>): T => ({ ...thing, ...changes });

let page: string;
beforeAll(() => {
  page = renderHtml(invertReport());
});

/** The report without its second half. */
function fit(data: ReportData): ReportData {
  const { design: _, verification: __, ...rest } = data;
  return rest;
}

test("the page stands alone: valid nesting, unique ids, links that lead somewhere, nothing from outside, no script", () => sound(page));

test("the page has what a reader asks for: candidates, verification, search, validation, reproduction", () => {
  for (const id of ["candidates", "verification", "search", "model", "reproduce"]) expect(page).toContain(`id="${id}"`);
  for (const title of ["Predicted against observed refractive index", "Residuals of gap", "Calibration of gap", "Error of gap against the distance", "Learning curve of gap", "Property space: refractive index and gap", "Inverse temperature", "Effective sample size and distinct materials", "Similarity of the candidates", "What drives gap of candidate 24"]) expect(page).toContain(`<title>${title}`);
});

test("each candidate has a card with probability, bands, drawing, and the nearest known material beside it", () => {
  const cards = page.split('<article class="card">').slice(1);
  expect(cards).toHaveLength(24);
  for (const [i, card] of cards.entries()) {
    expect(card).toContain(`Candidate ${i + 1}: `);
    expect(card).toContain("The nearest known material: ");
    expect(card.match(/class="bar"/g)).toHaveLength(2);
    expect(card).toMatch(/<b>[<>&lgt; ]*\d[\d.]* %<\/b> to meet the target/);
  }
});

test("a drawing brings neither namespaces nor comments into the page", () => expect(page).not.toMatch(/xmlns|<!--/));

test("verification tells hits with their interval, expected hits, coverage, classes and the base rate", () => {
  for (const words of ["63 % … 88 %", "41.2", "base rate of the target in the data is 5.2 %", "refractive index 43 of 49 (88 %)", "polyester 12 of 14", "random draws from the prior"]) expect(page).toContain(words);
});

test("moves are told by kind, and why they were refused", () => {
  expect(page).toContain("monomer exchange");
  expect(page).toContain("contains [N+](=O)[O-] (620)");
});

test("warnings stand before the candidates", () => expect(page.indexOf("no known material in the target")).toBeLessThan(page.indexOf('id="candidates"')));

test("a fit study has no candidates and no search", () => {
  const html = renderHtml(fit(invertReport(1)));
  sound(html);
  expect(html).not.toMatch(/id="candidates"|id="search"|Candidates are proposals/);
});

test("no candidates is said in words, with what to do", () => {
  const html = renderHtml(invertReport(0));
  sound(html);
  expect(html).toContain("No candidate satisfies the constraints");
});

test("a search that was stopped at once still has its page", () => {
  const data = invertReport(0);
  sound(renderHtml({ ...data, design: { ...data.design!, steps: [], similarities: [], proposals: [], reasons: [] } }));
});

test("a single candidate is not called the best of many", () => {
  const data = invertReport(1);
  const html = renderHtml({ ...data, design: { ...data.design!, counts: { ...data.design!.counts, unique: 1 } } });
  sound(html);
  expect(html).toContain("The only one");
  expect(html).not.toContain("The best of many");
});

test.each([1, 2, 3, 4])("%d numeric properties have their figures", (n) => {
  const more = ["thermal_conductivity", "volume_expansion"].map((name) => but(gap, { name }));
  const html = renderHtml(invertReport(2, [index, gap, ...more].slice(0, n)));
  sound(html);
  expect((html.match(/<title>Distribution of /g) ?? []).length).toBe(n === 1 ? 1 : n - 2);
  expect(html.includes("Property space:")).toBe(n > 1);
});

test("classes alone have a confusion matrix and the class of each candidate", () => {
  const property = { name: "phase_at_room_temperature", unit: "", kind: "class" as const, target: { text: "glass", low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY } };
  const html = renderHtml(invertReport(2, [property]));
  sound(html);
  expect(html).toContain("Confusion matrix");
  expect(html).toMatch(/Learning curve of phase at room temperature[\s\S]*>log loss</);
  expect(html).toContain("<b>glass</b> <small>83 %</small>");
});

test("a rising threshold is told with its last place", () => {
  const html = renderHtml(invertReport(2, [index, { ...gap, target: { text: "maximise", low: 4.25, high: Number.POSITIVE_INFINITY, threshold: 4.25 } }]));
  sound(html);
  expect(html).toContain("<strong>gap</strong> (maximise): 4.25 eV");
  expect(html).toContain("Threshold of gap at each step");
});

test("evidence is told as a share, only where there is an estimate", () => {
  const data = invertReport(1);
  expect(renderHtml({ ...data, design: { ...data.design!, mode: "exact", logEvidence: Math.log(0.02) } })).toContain("a share of 2.0 %");
  expect(page).toContain("no evidence is estimated");
});

test("cards name the share that their bands promise", () => expect(renderHtml({ ...invertReport(1), level: 0.8 })).toContain("predicted mean and 80 % band"));

describe("hostile content", () => {
  const evil = `<script src="http://x">alert("1")</script>'`;

  test("names, structures and words from outside are text", () => {
    const data = invertReport(2);
    const properties = data.properties.map((p) => but(p, { name: `${evil}${p.name}`, unit: evil, target: but(p.target!, { text: evil }) }));
    const { design, verification } = data;
    const html = renderHtml({
      ...data, properties, title: evil, about: evil, study: evil, version: evil, command: evil, promise: evil, warnings: [evil], data: { ...data.data, table: evil, split: evil },
      validation: [...properties.map((p) => validated(p.name)), { ...classified([evil, "b"]), name: evil, learner: evil, choice: [{ learner: evil, score: 1, standardError: 0, seconds: 1, note: evil }, { learner: "b", score: 1, standardError: 0, seconds: 1, note: "" }], settings: [{ options: evil, rows: 1, score: 1, chosen: true }], features: [evil] }],
      design: { ...design!, stopped: evil, agreement: evil, reasons: [{ reason: evil, count: 1 }], proposals: [{ id: evil, proposed: 1, accepted: 0, unchanged: 0, refused: 0 }], candidates: design!.candidates.map((c) => but(c, { structure: evil, nearest: evil, group: evil, reason: evil, drivers: [{ property: evil, items: [{ name: evil, value: 1 }] }] })) },
      verification: { ...verification!, by: evil, arms: verification!.arms.map((a) => but(a, { name: evil })), classes: [{ name: evil, hits: 0, of: 0 }] },
    });
    elementsOf(html);
    expect(html).not.toMatch(/<script| src="|alert\("/);
  });

  test("scores that are missing or no number are dashes", () => {
    const v = { ...validated("gap"), metrics: { n: 3, r2: Number.NaN, rmse: Number.POSITIVE_INFINITY }, folds: [{ n: 3 }] };
    const html = renderHtml(fit({ ...invertReport(1, [gap]), validation: [v] }));
    sound(html);
    expect(html).toContain("<td>—</td>");
  });

  test("a property without any prediction still has its page", () => {
    const empty = { ...validated("gap"), points: { observed: [], mean: [], lower: [], upper: [], labels: [] }, calibration: { levels: [], observed: [] }, applicability: { score: [], error: [], threshold: Number.POSITIVE_INFINITY } };
    sound(renderHtml({ ...invertReport(1, [gap]), validation: [empty], design: searched(1, [gap], 1) }));
  });

  test("predictions that are no numbers do not reach the page as such", () => {
    const data = invertReport(2);
    const values = [{ mean: Number.NaN, sd: Number.NaN, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }, { mean: 1e300, sd: 0, lower: 1e300, upper: 1e300, calculated: Number.NaN }];
    sound(renderHtml({ ...data, design: { ...data.design!, candidates: data.design!.candidates.map((c) => but(c, { values, probability: Number.NaN, nearestSimilarity: Number.NaN })) } }));
  });
});

test("one refused row is a row; errors have their unit; a table without notes has no column for them; features are listed up to a limit", () => {
  const v = validated("gap", { n: 40, centre: 4, spread: 1, noise: 0.2 });
  const report = invertReport(3, [gap], 40);
  const choice = [{ learner: "linear", score: 1, standardError: 0.1, seconds: 1, note: "" }, { learner: "gp", score: 2, standardError: 0.1, seconds: 1, note: "" }];
  const html = renderHtml(but(report, { data: { ...report.data, rejected: 1, merged: 1 }, validation: [but(v, { choice, features: Array.from({ length: 201 }, (_, i) => `f${i}`) })] }));
  sound(html);
  expect(html).toContain("; 1 row refused; 1 duplicate merged");
  expect(html).toMatch(/<b>[\d.]+ eV<\/b><span>root mean square error/);
  expect(html).toContain('<span class="by">in eV; learner:');
  expect(html).not.toContain('<th scope="col">note</th>');
  expect(html).toContain("f199, and 1 more, which are in validation.json");
});
