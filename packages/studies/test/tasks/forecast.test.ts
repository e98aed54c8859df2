/* What `check` forecasts grows with what `run` will do: a prior is fitted to every material, and every candidate compared with them. */
import { expect, test } from "vitest";
import { loadRdkit, molecule } from "@tatara/domains";
import { quiet, type Context } from "@tatara/engine/base";
import { forecast, loadStudy } from "@tatara/studies/tasks";
import { invertText, place } from "../badInput/bench.ts";

const timed: Context = { ...quiet, now: () => performance.now() };
const ENDS = ["O", "N", "Cl", "F", "C(=O)O", "C#N", "c1ccccc1", "S"];
/** Different molecules; the forecast looks at some of them only. */
const tableOf = (rows: number) => `smiles,y\n${Array.from({ length: rows }, (_, i) => `${"C".repeat(1 + (i % 40))}N${"C".repeat(1 + (Math.floor(i / 40) % 40))}${ENDS[Math.floor(i / 1600) % ENDS.length]},${i % 7}`).join("\n")}\n`;

const secondsOf = (lines: readonly string[], pattern: RegExp) => Number(pattern.exec(lines.join("\n"))?.[1]);

test("the fit of the prior and the search for nearest materials are in it", { timeout: 60_000 }, async () => {
  const study = invertText(["particles: 20, evaluations: 200", "particles: 200, evaluations: 200"]);
  const [small, large] = await Promise.all([300, 12_000].map(async (rows) => forecast(await loadStudy((await place(study, tableOf(rows))).study), timed)));
  const prior = /of which (\d+) s to fit the prior/;
  const compare = /compare them with what is known: about (\d+) s/;
  expect(secondsOf(large!.lines, compare)).toBeGreaterThan(secondsOf(small!.lines, compare));
  expect(secondsOf(large!.lines, prior)).toBeGreaterThan(1);
  expect(large!.seconds).toBeGreaterThan(secondsOf(large!.lines, prior) + secondsOf(large!.lines, compare));
});

test("a language model says small corpora more often, so that its work does not begin at nothing", async () => {
  const { effort } = molecule(await loadRdkit()).priors["ngram"]!;
  expect([1000, 10_000, 40_000, 100_000].map((n) => effort!(n, {}))).toEqual([20_000, 40_000, 40_000, 100_000]);
  expect(effort!(1000, { rerootings: 3 })).toBe(3000);
});
