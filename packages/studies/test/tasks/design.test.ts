/* A whole small design study: what is printed, what the report says, and what the CSV holds. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { loadStudy, runStudy } from "@tatara/studies/tasks";
import { GOOD, invertText, place } from "../badInput/bench.ts";

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
