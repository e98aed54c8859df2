/* The same candidates, byte for byte: whatever the number of workers, and after a kill -9 in the middle of sampling. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { shippedSets } from "@tatara/data";

const CLI = fileURLToPath(new URL("../bin/tatara.js", import.meta.url));
const ROWS = 90;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatara-same-"));
  const lines = (await readFile(shippedSets["optical-polymers"]!.table, "utf8")).split("\n");
  const every = Math.floor((lines.length - 2) / ROWS);
  await writeFile(join(folder, "table.csv"), [lines[0], ...lines.slice(1).filter((line, i) => line !== "" && i % every === 0)].join("\n"));
  const study = {
    study: "invert",
    name: "same",
    domain: "polymer",
    data: { table: "table.csv", properties: { refractive_index: { unit: "1" }, gap: { unit: "eV" } } },
    represent: ["physchem"],
    learn: { model: "linear", split: "random", folds: 2 },
    target: { refractive_index: ">= 1.58", gap: ">= 3 eV" },
    constraints: { max_heavy_atoms: 30 },
    generate: { particles: 40, moves: 1, polish: 3, evaluations: 1000, proposals: { "truncate-regrow": 1, "re-root": 1, edit: 2, crossover: 1 } },
  };
  await writeFile(join(folder, "study.json"), JSON.stringify(study));
});

const start = (...args: readonly string[]) => spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });

function ended(child: ReturnType<typeof start>): Promise<number | null> {
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  return new Promise((resolve, reject) => child.once("close", (code) => (code === 0 || code === null ? resolve(code) : reject(new Error(errors)))));
}

const candidates = (run: string) => readFile(join(folder, run, "candidates.csv"), "utf8");

async function stepsDone(run: string): Promise<number> {
  const journal = await readFile(join(folder, run, "journal.jsonl"), "utf8").catch(() => "");
  return journal.split("\n").filter((line) => line.includes('"event":"step"')).length;
}

test("1 and 2 workers, and a run killed in the middle and resumed, give one candidates.csv", { timeout: 300_000 }, async () => {
  await ended(start("run", "study.json", "--out", "two", "--workers", "2"));
  const whole = await candidates("two");
  expect(whole.split("\n").length).toBeGreaterThan(5);

  await ended(start("run", "study.json", "--out", "one", "--workers", "1"));
  expect(await candidates("one")).toBe(whole);

  const victim = start("run", "study.json", "--out", "killed", "--workers", "2");
  const gone = ended(victim);
  while ((await stepsDone("killed")) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  victim.kill("SIGKILL");
  await gone;
  await expect(candidates("killed")).rejects.toThrow(/ENOENT/);
  await ended(start("resume", "killed"));
  expect(await candidates("killed")).toBe(whole);

  const record = JSON.parse(await readFile(join(folder, "killed", "run.json"), "utf8")) as { status: string; stages: { name: string; reused: boolean }[] };
  expect(record.status).toBe("done");
});

test("another seed gives other candidates", { timeout: 120_000 }, async () => {
  await ended(start("run", "study.json", "--out", "seed", "--seed", "2"));
  expect(await candidates("seed")).not.toBe(await candidates("two"));
});

const METALS = ["Cu", "Fe", "Ni", "Co"];
/** Alloys of aluminium and two metals; those with some 60 at.% of it are looked for. */
const alloys = METALS.flatMap((a, i) => METALS.slice(i + 1).flatMap((b) => [30, 55, 60, 65, 85].map((al) => `Al${al}${a}${Math.floor((100 - al) / 3)}${b}${100 - al - Math.floor((100 - al) / 3)},${al > 50 && al < 70 ? "QC" : "OTHER"}`)));

test("a screening killed in the middle and resumed leaves the same bytes", { timeout: 300_000 }, async () => {
  await writeFile(join(folder, "alloys.csv"), `formula,label\n${alloys.join("\n")}\n`);
  const study = {
    study: "screen",
    domain: "composition",
    data: { table: "alloys.csv", properties: { phase: { column: "label", kind: "class" } } },
    learn: { model: "forest", options: { trees: 20 }, split: "random", folds: 2 },
    target: { phase: "QC" },
    screen: { systems: { each: [["Al"], METALS, ["Si", "Mg", "Zn", "Fe", "Co", "Ni"]] }, coarse: "1 at.%", fine: "1 at.%" },
    workers: 2,
  };
  await writeFile(join(folder, "screen.json"), JSON.stringify(study));
  await ended(start("run", "screen.json", "--out", "screened"));
  const victim = start("run", "screen.json", "--out", "shot");
  const gone = ended(victim);
  const kept = async () => (await readdir(join(folder, "shot", "points")).catch(() => [])).filter((name) => /^\d+\.json$/.test(name)).length;
  while ((await kept()) < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  victim.kill("SIGKILL");
  await gone;
  await expect(readFile(join(folder, "shot", "systems.csv"))).rejects.toThrow(/ENOENT/);
  expect(await kept()).toBeLessThan((await readdir(join(folder, "screened", "points"))).filter((name) => /^\d+\.json$/.test(name)).length);
  await ended(start("resume", "shot", "--workers", "1"));
  for (const file of ["systems.csv", "regions.csv", "alloys.csv", "screen.json", "model.json"]) expect(await readFile(join(folder, "shot", file), "utf8")).toBe(await readFile(join(folder, "screened", file), "utf8"));
});
