/*
 * What the science benches share: where the real data lie, and a study run from plain data in a fresh
 * directory. Data are looked for in ../shared/data beside the repository, and never copied into it.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Context } from "@tatara/engine/base";
import { csvText } from "@tatara/studies/tables";
import { runStudy, studyOf, type RunSummary } from "@tatara/studies/tasks";

/** A real data set, or a sentence and the end of the process when it is not there. */
export function realData(path: string): string {
  const full = fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
  if (existsSync(full)) return full;
  console.log(`skipped: the real data are not here (${path} is looked for in ../shared/data beside the repository)`);
  process.exit(0);
}

/** A context that says now and then where it stands. */
export function talkative(): Context {
  let last = 0;
  return {
    signal: new AbortController().signal,
    report: ({ stage, done, total, note }) => {
      if (performance.now() - last < 10_000) return;
      last = performance.now();
      process.stderr.write(`  ${stage} ${done}${total === undefined ? "" : `/${total}`} ${note ?? ""}\n`);
    },
    keep: () => {},
    now: () => performance.now(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
  };
}

/** Run a study given as plain data; prints its lines and returns its summary. */
export async function runPlain(study: Readonly<Record<string, unknown>>, { verify = false, silent = false }: { readonly verify?: boolean; readonly silent?: boolean } = {}): Promise<RunSummary> {
  const name = String(study["name"] ?? "bench");
  const out = join(mkdtempSync(join(tmpdir(), `tatara-${name}-`)), "run");
  const loaded = await studyOf(study, { name });
  const started = performance.now();
  const summary = await runStudy(loaded, { out, verify, say: (text) => console.log(text) }, talkative());
  if (silent) return summary;
  console.log(summary.lines.map((line) => `  ${line}`).join("\n"));
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s in all; ${summary.path}`);
  return summary;
}

export interface LabelledFormula {
  readonly formula: string;
  /** Symbols in alphabetical order, joined by hyphens. */
  readonly system: string;
  /** QC, AC or OTHERS. */
  readonly label: string;
}

/** The real table of quasicrystals, approximants and ordinary crystals. */
export function hypermaterialRows(): readonly LabelledFormula[] {
  const texts = [readFileSync(realData("qc-hypermaterials/qc_ac_train.csv"), "utf8"), gunzipSync(readFileSync(realData("qc-hypermaterials/others_train.csv.gz"))).toString("utf8")];
  // The last four columns hold no commas; the second does.
  return texts.flatMap((text) => text.trim().split(/\r?\n/).slice(1).map((line) => line.split(",").slice(-4) as [string, string, string, string]).map(([formula, system, label]) => ({ formula, system, label })));
}

/** The same, or some of its rows, as one CSV file in a folder. */
export function hypermaterials(folder: string, rows: readonly LabelledFormula[] = hypermaterialRows()): string {
  const path = join(folder, "hypermaterials.csv");
  writeFileSync(path, csvText(["formula", "system", "label"], rows.map((r) => [r.formula, r.system, r.label])));
  return path;
}
