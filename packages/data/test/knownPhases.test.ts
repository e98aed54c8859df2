import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { knownPhases } from "../src/index.ts";

/** Fields of a CSV line whose quoted fields hold no line breaks. */
const fields = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
const [header, ...rows] = readFileSync(knownPhases.table, "utf8").trimEnd().split("\n").map(fields);
const phases = rows.map((row) => Object.fromEntries(header!.map((name, i) => [name, row[i]!])) as Record<"system" | "name" | "formula" | "kind" | "structure" | "source" | "doi", string>);

test("the columns are those of the card", () => {
  expect(header).toEqual(["system", "name", "formula", "kind", "structure", "source", "doi"]);
  const card = readFileSync(knownPhases.card, "utf8");
  for (const name of header!) expect(card).toContain(`\`${name}\``);
  expect(card).toContain(`\n${phases.length} known phases`);
});

test("there are at least sixty phases, with names of their own", () => {
  expect(phases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(phases.map((p) => p.name)).size).toBe(phases.length);
});

test.each(phases)("$name names its elements, a kind, a structure and a source", ({ system, formula, kind, structure, source, doi }) => {
  expect(formula).toMatch(/^(?:[A-Z][a-z]?(?:\d+(?:\.\d+)?)?)+$/);
  expect(system).toBe([...formula.matchAll(/[A-Z][a-z]?/g)].map(String).sort().join("-"));
  expect(["QC icosahedral", "QC decagonal", "AC", "crystal"]).toContain(kind);
  expect(structure).not.toBe("");
  expect(source).toMatch(/\((?:19|20)\d\d\)$/);
  expect(doi).toMatch(/^(?:10\.\d{4,}\/\S+)?$/);
});

test("amounts that read as at.% add up to 100", () => {
  for (const { name, formula } of phases) {
    const amounts = [...formula.matchAll(/[A-Z][a-z]?(\d+(?:\.\d+)?)?/g)].map(([, amount]) => Number(amount ?? 1));
    const sum = amounts.reduce((a, b) => a + b, 0);
    // Published figures are rounded to 0.1 at.%.
    if (amounts.length === 3 && sum > 95 && sum < 105) expect(Math.abs(sum - 100), name).toBeLessThan(0.15);
  }
});
