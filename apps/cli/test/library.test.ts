/* What README promises of the library: a study from plain data, run from a program. */
import { globSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { key, quiet, runStudy, stream, studyOf } from "tatara";

test("a program can fit a study that it holds as plain data", { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "tatara-library-"));
  const rng = stream(key(3));
  const rows = Array.from({ length: 40 }, (_, i) => `${"C".repeat(1 + (i % 12))}${i % 3 === 0 ? "O" : i % 3 === 1 ? "N" : "Cl"},${(1 + (i % 12) + 0.1 * rng.normal()).toFixed(4)}`);
  await writeFile(join(folder, "chains.csv"), ["smiles,length", ...rows].join("\n"));
  const loaded = await studyOf({ study: "fit", domain: "molecule", data: { table: "chains.csv", properties: { length: {} } }, represent: ["physchem"], learn: { model: "linear", split: "random", folds: 4 } }, { base: folder, name: "chains" });
  const { results, path } = await runStudy(loaded, { out: join(folder, "run"), verify: false, say: () => {} }, { ...quiet, now: () => performance.now() });
  const [length] = results["properties"] as readonly { readonly name: string; readonly r2: number }[];
  expect(length!.name).toBe("length");
  expect(length!.r2).toBeGreaterThan(0.8);
  expect(path).toBe(join(folder, "run"));
});

test("every package says which Node it needs, as the command and README do", async () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const [, major, minor] = /const NEEDED = \[(\d+), (\d+)\]/.exec(await readFile(join(root, "apps/cli/bin/tatara.js"), "utf8"))!;
  const files = globSync(["packages/*/package.json", "apps/*/package.json"], { cwd: root });
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect([file, (JSON.parse(await readFile(join(root, file), "utf8")) as { engines?: { node?: string } }).engines?.node]).toEqual([file, `>=${major}.${minor}`]);
  expect(await readFile(join(root, "README.md"), "utf8")).toContain(`in Node ${major}.${minor} or later`);
});
