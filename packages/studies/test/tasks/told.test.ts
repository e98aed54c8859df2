/* What a run tells when it ends: on the screen, to programs, and in its report. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { attempt, fitText, tableOf, tableWith } from "../badInput/bench.ts";

describe("a stack", () => {
  test("tells its parts with their weights in the last lines, in --json and in the report", async () => {
    const { summary, error } = await attempt(fitText(["model: linear", "model: stack, splits: [], options: { members: [{ learner: linear }, { learner: extra-trees, options: { trees: 20 } }] }"]), tableOf());
    expect(error).toBeUndefined();
    const [{ parts }] = summary!.results["properties"] as readonly [{ readonly parts: readonly { readonly learner: string; readonly weight: number }[] }];
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const line = summary!.lines.find((text) => text.includes("made of"));
    expect(line).toMatch(/^ {2}made of \d+ % (linear|extra-trees)\(/);
    expect(await readFile(join(summary!.path, "report.html"), "utf8")).toContain(`The stack is made of ${line!.replace("  made of ", "")}.`);
  });
});

test("accuracy stands beside the share of the commonest class, on the screen, in --json and in the report", async () => {
  const { summary } = await attempt(fitText(["{ y: {} }", "{ y: { kind: class } }"], ["model: linear", "model: forest, splits: []"]), tableWith((i) => (i % 10 === 0 ? "rare" : "usual")));
  expect(summary!.lines.find((line) => line.startsWith("y: "))).toMatch(/^y: forest, accuracy \d+ % \(the commonest class alone: 90 %\), log loss/);
  expect(summary!.results["properties"]).toMatchObject([{ commonest: 0.9 }]);
  const page = await readFile(join(summary!.path, "report.html"), "utf8");
  expect(page).toContain("accuracy of y, out of fold; the commonest class alone: 90 %");
  expect(page).toContain(">commonest class</abbr>");
});
