/* A whole small design study: what is printed, what the report says, and what the CSV holds. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { loadStudy, resumeRun, runStudy } from "@tatara/studies/tasks";
import { fitText, GOOD, invertText, place } from "../badInput/bench.ts";

test("replicates in exact mode tell evidence, agreement and all evaluations; a converted target has no stray digits", { timeout: 60_000 }, async () => {
  const study = invertText(["y: {}", "y: { unit: degC }, size: { kind: class }"], ["linear, folds: 2", "forest, options: { trees: 20 }, folds: 4"], ['y: ">= 3"', 'y: "275.5 .. 300.25 K", size: "small | large"'], ["particles: 20", "mode: exact, replicates: 2, particles: 20"]);
  const table = `smiles,y,size\n${GOOD.map(([smiles, y], i) => `${smiles},${y},${["small", "large", "huge"][i % 3]}`).join("\n")}\n`;
  const { folder, study: file } = await place(study, table);
  const summary = await runStudy(await loadStudy(file), { out: join(folder, "out"), verify: false, say: () => {} }, quiet);
  const evaluations = summary.results["evaluations"] as number;
  expect(summary.lines.join("\n")).toMatch(/^log evidence -\d+\.\d\d: .* % of all that the prior draws should be sound, keep the constraints and meet the target\nreplicate runs (agree|disagree: .+)$/m);
  const html = await readFile(join(folder, "out", "report.html"), "utf8");
  expect(/aria-label="Targets">.*?<\/ul>/.exec(html)?.[0]).toContain("<b>2.35 … 27.1 degC</b>");
  expect(html).toContain(`${evaluations.toLocaleString("en")} different materials evaluated`);
  expect(html).toMatch(/Learning curve of size/);
  const header = (await readFile(join(folder, "out", "candidates.csv"), "utf8")).split("\n")[0];
  expect(header).toBe("rank,structure,probability,y_mean,y_sd,y_lower,y_upper,size,p_huge,p_large,p_small,in_domain,novel,nearest,nearest_similarity");
});

test("validation.json calls classes as studies do, and is read as older runs wrote it", async () => {
  const { folder, study } = await place(fitText(["y: {}", "y: { kind: class }"], ["linear", "forest, options: { trees: 10 }"]), `smiles,y\n${GOOD.map(([smiles], i) => `${smiles},${["small", "large"][i % 2]}`).join("\n")}\n`);
  const out = join(folder, "out");
  const run = await runStudy(await loadStudy(study), { out, verify: false, say: () => {} }, quiet);
  expect(run.results["properties"]).toMatchObject([{ name: "y", kind: "class" }]);
  const file = join(out, "validation.json");
  const text = await readFile(file, "utf8");
  expect(JSON.parse(text)).toMatchObject({ properties: [{ kind: "class" }] });
  expect(text).not.toContain("category");
  await writeFile(file, text.replace('"kind":"class"', '"kind":"category"'));
  const again = await resumeRun(out, { verify: false, say: () => {} }, quiet);
  expect(again.results).toEqual(run.results);
  expect(again.lines).toEqual(run.lines);
});
