/* Rules as a user finds them: planted in a small table, in threads, stopped and resumed, and kept by the next design. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { quiet, type Context } from "@tatara/engine/base";
import { composition } from "@tatara/domains/composition";
import { forecast, loadStudy, renderReport, resumeRun, runStudy } from "@tatara/studies/tasks";

const domain = composition();
const alloy = domain.descriptors["alloy"]!;
/** What is planted: hits lie between these, and nowhere else. */
const PLANTED = { feature: "alloy:mixing_entropy", low: 7, high: 8.6 };

function valueOf(formula: string): number {
  const row = new Float64Array(alloy.features.length);
  alloy.write(domain.codec.parse(formula), row);
  return row[alloy.features.findIndex((f) => f.name === PLANTED.feature)]!;
}

const METALS = ["Al", "Cu", "Fe", "Ni", "Co", "Zn", "Mg", "Ti"];

/** Ternary alloys of all choices of three metals at several shares. */
function table(): string {
  const rows: string[] = [];
  METALS.forEach((a, i) =>
    METALS.slice(i + 1).forEach((b, j) =>
      METALS.slice(i + j + 2).forEach((c) => {
        for (const [x, y] of [[34, 33], [50, 30], [62, 20], [70, 20], [84, 10]] as const) {
          const formula = `${a}${x}${b}${y}${c}${100 - x - y}`;
          const v = valueOf(formula);
          rows.push(`${formula},${[a, b, c].toSorted().join("-")},${v >= PLANTED.low && v <= PLANTED.high ? "hit" : "other"},${v.toFixed(4)}`);
        }
      }),
    ),
  );
  return `formula,system,label,entropy\n${rows.join("\n")}\n`;
}

const STUDY = `study: rules
domain: composition
data: { table: t.csv, group: system, properties: { phase: { column: label, kind: class } } }
learn: { model: forest, options: { trees: 20 }, split: group, folds: 3 }
target: { phase: hit }
rules:
  features: [alloy]
  most: 2
  bootstraps: 5
  tree: 2
  rule_fit: 10
  relations: { samples: 60, evaluations: 400 }
  drawn: 2
workers: 2
`;

let folder: string;
const at = (...path: readonly string[]) => join(folder, ...path);
const host = { verify: false, say: () => {} };
const RESULTS = ["rules.json", "rules.csv"];

async function study(name: string, ...edits: readonly (readonly [string, string])[]): Promise<string> {
  const text = edits.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the study has no ${from}`);
    return now.replace(from, to);
  }, STUDY);
  await writeFile(at(name), text);
  return at(name);
}

const run = async (file: string, out: string, overrides: readonly string[] = [], ctx: Context = quiet) => runStudy(await loadStudy(file, overrides), { out: at(out), ...host }, ctx);
const texts = (path: string) => Promise.all(RESULTS.map((name) => readFile(at(path, name), "utf8")));

interface Rules {
  readonly best: { readonly conditions: readonly { readonly feature: string; readonly unit: string; readonly low: number | null; readonly high: number | null }[]; readonly outOfFold: { readonly recall: { readonly estimate: number }; readonly falsePositiveRate: { readonly estimate: number } } };
  readonly comparison: { readonly sets: readonly { readonly name: string; readonly outOfFold: boolean; readonly accuracy: { readonly recall: { readonly estimate: number } } }[] };
}
const rulesOf = async (path: string) => JSON.parse(await readFile(at(path, "rules.json"), "utf8")) as Rules;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatara-rules-"));
  await writeFile(at("t.csv"), table());
});

describe("rules", () => {
  test("find what was planted, out of fold, and tell it in words", { timeout: 240_000 }, async () => {
    const summary = await run(await study("s.yaml"), "whole");
    const { best, comparison } = await rulesOf("whole");
    const planted = best.conditions.find(({ feature }) => feature === PLANTED.feature);
    expect(planted, JSON.stringify(best.conditions)).toMatchObject({ unit: "J/(mol K)" });
    // The ends lie between the nearest values of the table on either side.
    expect(planted!.low!).toBeGreaterThan(6.6);
    expect(planted!.low!).toBeLessThan(PLANTED.low + 0.4);
    expect(planted!.high!).toBeGreaterThan(PLANTED.high - 0.4);
    expect(planted!.high!).toBeLessThan(9.1);
    expect(best.outOfFold.recall.estimate).toBeGreaterThan(0.9);
    expect(best.outOfFold.falsePositiveRate.estimate).toBeLessThan(0.05);
    expect(comparison.sets.slice(0, 3).map(({ name, outOfFold }) => [name, outOfFold])).toEqual([["intervals", true], ["tree", true], ["RuleFit", true]]);
    expect(summary.lines.join("\n")).toMatch(/ ideal entropy of mixing ≤ 8\.\d* J\/\(mol K\)/);
    expect(summary.lines.join("\n")).toMatch(/out of fold: recall \d+ % \[\d+ %, \d+ %\]/);
    const csv = (await readFile(at("whole", "rules.csv"), "utf8")).split("\n");
    expect(csv[0]).toMatch(/^set,kind,text,feature,low,high,unit,support,precision,recall,false_positive_rate,.*out_of_fold_recall/);
    expect(csv.some((line) => line.startsWith("intervals,condition,") && line.includes(PLANTED.feature))).toBe(true);
    const html = await readFile(summary.report!, "utf8");
    for (const part of ['id="rule"', 'id="where"', 'id="agreement"', 'id="shared"', "always too good", "no law", "Ternary diagrams of the 2 systems with most positives", "The best shallow tree", "RuleFit"]) expect(html).toContain(part);
    await renderReport(at("whole"), quiet);
    expect(await readFile(summary.report!, "utf8")).toBe(html);
  });

  test("are the same to the last bit with one worker, and stopped and resumed at any part", { timeout: 240_000 }, async () => {
    const whole = await texts("whole");
    await run(at("s.yaml"), "one", ["workers=1"]);
    expect(await texts("one")).toEqual(whole);
    for (const [k, stage] of ["mine intervals", "grow a tree", "sample"].entries()) {
      const stop = new AbortController();
      const gone = new Error("stopped");
      const until: Context = { ...quiet, signal: stop.signal, report: (p) => void (p.stage.startsWith(stage) && p.done >= 1 && stop.abort(gone)) };
      await expect(run(at("s.yaml"), `stopped-${k}`, [], until)).rejects.toBe(gone);
      await expect(readFile(at(`stopped-${k}`, "rules.json"))).rejects.toThrow(/ENOENT/);
      await resumeRun(at(`stopped-${k}`), { ...host, workers: "1" }, quiet);
      expect(await texts(`stopped-${k}`), stage).toEqual(whole);
    }
  });

  test("of a finished model are those of the run that learnt it", { timeout: 120_000 }, async () => {
    const data = /data:.*\nlearn:.*\n/.exec(STUDY)![0];
    const quick = [["bootstraps: 5", "bootstraps: 0"], ["rule_fit: 10", "rule_fit: 0"], ["samples: 60", "samples: 0"], ["tree: 2", "tree: 0"], ["drawn: 2", "drawn: 0"]] as const;
    // The model sees what rules may speak of, as it did.
    await run(await study("model.yaml", [data, "model: whole/model.json\n"], ...quick), "again");
    const [{ best }, { best: known }] = [await rulesOf("again"), await rulesOf("whole")];
    expect(best.conditions).toEqual(known.conditions);
    expect(best.outOfFold.recall).toEqual(known.outOfFold.recall);
  });

  test("of a number with a bound, of what the model says, and for a recall that is asked for", { timeout: 120_000 }, async () => {
    const quick = [["bootstraps: 5", "bootstraps: 0"], ["rule_fit: 10", "rule_fit: 0"], ["samples: 60", "samples: 0"], ["tree: 2", "tree: 0"]] as const;
    const file = await study("number.yaml", ["{ phase: { column: label, kind: class } }", '{ entropy: { unit: "J/(mol K)" } }'], ["phase: hit", 'entropy: ">= 8 J/(mol K)"'], ["most: 2", "most: 2\n  of: model\n  recall: 0.95"], ...quick);
    const summary = await run(file, "number");
    expect(summary.lines.join("\n")).toMatch(/rows of entropy >= 8 J\/\(mol K\) against \d+ others, by what the model says/);
    const { best } = await rulesOf("number");
    expect(best.conditions.length).toBeGreaterThan(0);
    expect(best.outOfFold.recall.estimate).toBeGreaterThan(0.85);
  });

  test("are kept by the next design, and by the next screening, after their file is gone", { timeout: 240_000 }, async () => {
    await writeFile(at("kept.json"), await readFile(at("whole", "rules.json")));
    const { best } = await rulesOf("whole");
    const planted = best.conditions.find(({ feature }) => feature === PLANTED.feature)!;
    const head = STUDY.slice(STUDY.indexOf("domain:"), STUDY.indexOf("rules:"));
    await writeFile(at("design.yaml"), `study: invert\n${head}constraints: { rules: kept.json, max_elements: 4 }\ngenerate: { particles: 60, evaluations: 300 }\nworkers: 2\n`);
    const loaded = await loadStudy(at("design.yaml"));
    await runStudy(loaded, { out: at("design"), ...host }, quiet);
    const candidates = async () => (await readFile(at("design", "candidates.csv"), "utf8")).trim().split("\n").slice(1).map((line) => line.split(",")[1]!);
    const found = await candidates();
    expect(found.length).toBeGreaterThan(5);
    for (const formula of found) {
      expect(valueOf(formula), formula).toBeGreaterThanOrEqual(planted.low!);
      expect(valueOf(formula), formula).toBeLessThanOrEqual(planted.high!);
    }
    await rm(at("kept.json"));
    await resumeRun(at("design"), host, quiet);
    expect(await candidates()).toEqual(found);
    expect(await readFile(at("design", "study.yaml"), "utf8")).toMatch(/rules:\n\s+alloy:mixing_entropy: [\d.]+ \.\. [\d.]+ J\/\(mol K\)/);
    await writeFile(at("screen.yaml"), `study: screen\n${head}screen: { systems: { list: [Al-Cu-Fe] }, coarse: 10 at.%, fine: 10 at.% }\nconstraints: { rules: { "alloy:mixing_entropy": "7 .. 8.6 J/(mol K)" } }\nworkers: 1\n`);
    await runStudy(await loadStudy(at("screen.yaml")), { out: at("screen"), ...host }, quiet);
    const alloys = (await readFile(at("screen", "alloys.csv"), "utf8")).trim().split("\n").slice(1).map((line) => line.split(",")[1]!);
    expect(alloys.length).toBeGreaterThan(0);
    for (const formula of alloys) expect(valueOf(formula), formula).toBeGreaterThanOrEqual(7);
  });

  test("are forecast by check: rows, features and a time", async () => {
    const { lines, seconds } = await forecast(await loadStudy(await study("f.yaml")), { ...quiet, now: () => performance.now() });
    expect(lines.join("\n")).toMatch(/\d+ rows meet the target, \d+ do not; rules speak of 16 features\nrules about \d+ s: intervals \d+ s \(3 folds, 5 bootstraps\), trees \d+ s, RuleFit \d+ s, 60 samples of the posterior \d+ s/);
    expect(seconds).toBeGreaterThan(0);
  });
});

describe("bad rules are refused with their line", () => {
  test.each<[string, readonly (readonly [string, string])[], RegExp]>([
    ["a misspelt field", [["  most: 2", "  mosts: 2"]], /bad\.yaml:8:3: unknown field: "rules\.mosts" — did you mean "most"\?/],
    ["an unknown descriptor", [["[alloy]", "[aloy]"]], /bad\.yaml:7:14: unknown descriptor: "aloy" — did you mean "alloy"\?/],
    ["no feature left", [["features: [alloy]", 'features: [alloy]\n  without: ["*"]']], /no feature for a rule to speak of: alloy/],
    ["a target of a property that is not learnt", [["phase: hit", "fase: hit"]], /bad\.yaml:5:11: unknown property: "fase" — did you mean "phase"\?/],
    ["an extremal target", [["phase: { column: label, kind: class }", "entropy: {}"], ["phase: hit", "entropy: maximise"]], /no region: target of entropy is "maximise"/],
    ["rules that are no file", [["workers: 2", "constraints: { rules: none.json }"]], /bad\.yaml:14:16: cannot read the rules: none\.json — there is no such file/],
    ["rules of a file that holds none", [["workers: 2", "constraints: { rules: t.csv }"]], /cannot read the rules: t\.csv — it is no rules\.json/],
    ["a rule of an unknown feature", [["workers: 2", 'constraints: { rules: { "alloy:mixing_entropi": ">= 3" } }']], /unknown feature: "alloy:mixing_entropi" — did you mean "alloy:mixing_entropy"\?/],
    ["a rule in another unit", [["workers: 2", 'constraints: { rules: { "alloy:mixing_entropy": ">= 3 nm" } }']], /unit mismatch: target of alloy:mixing_entropy in nm/],
    ["a rule that is no interval", [["workers: 2", 'constraints: { rules: { "alloy:mixing_entropy": maximise } }']], /no interval: alloy:mixing_entropy is "maximise"/],
    ["a prior that the domain does not have", [["samples: 60", "samples: 60, prior: ngram"]], /unknown prior: "ngram" — there is known/],
  ])("%s", async (_, edits, message) => {
    await expect(loadStudy(await study("bad.yaml", ...edits))).rejects.toThrow(message);
  });

  test.each<[string, readonly (readonly [string, string])[], RegExp]>([
    ["a class that does not occur", [["phase: hit", "phase: hitt"]], /unknown class of phase: "hitt" — did you mean "hit"\?/],
    ["a number that no row has", [["phase: { column: label, kind: class }", "entropy: {}"], ["phase: hit", 'entropy: ">= 10"']], /no row meets the target: entropy >= 10 — entropy goes from 4\.\d+ to 9\.\d+/],
    ["too few positives", [["phase: { column: label, kind: class }", "entropy: {}"], ["phase: hit", 'entropy: "< 4.381"']], /(too few positives: \d rows meet entropy < 4\.381 — rules need at least 10|no row meets the target)/],
    ["a class on two sides", [["most: 2", "most: 2\n  neither: hit"]], /class on two sides: "hit" is in the target and in rules\.neither/],
    ["a class aside that does not occur", [["most: 2", "most: 2\n  neither: amorphous"]], /unknown class of phase: "amorphous"/],
  ])("%s, before anything is learnt", async (name, edits, message) => {
    const loaded = await loadStudy(await study("early.yaml", ...edits));
    await expect(forecast(loaded, quiet)).rejects.toThrow(message);
    const stages: string[] = [];
    await expect(runStudy(loaded, { out: at(`early ${name}`), ...host }, { ...quiet, report: ({ stage }) => void stages.push(stage) })).rejects.toThrow(message);
    expect(stages.filter((stage) => /learn/.test(stage))).toEqual([]);
  });
});
