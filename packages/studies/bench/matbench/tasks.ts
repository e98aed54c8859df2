/* The Matbench v0.1 tasks that a formula alone can be asked, with the official folds and what others publish for them. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { composition, compositionCodec } from "@tatara/domains/composition";
import { chooseDescriptors, joinFeatures } from "@tatara/engine/generate";
import type { Table } from "@tatara/engine/data";
import { shareTable } from "../../src/executors/learning.ts";
import { realData } from "../common.ts";

export interface TaskFacts {
  readonly unit: string;
  readonly kind: "number" | "class";
  /** Board figures of ../shared/docs/anchors.md: mean over folds of the MAE, or of the AUC of hard labels. */
  readonly board: Readonly<Record<string, number>>;
  /** Whether the best on the board saw structures, which a formula does not tell. */
  readonly note?: string;
  /** What we set out to reach. */
  readonly target?: number;
}

export const TASKS: Readonly<Record<string, TaskFacts>> = {
  steels: { unit: "MPa", kind: "number", target: 84, board: { "TPOT-Mat": 79.95, MODNet: 87.76, AMMExpress: 97.5, "RF-SCM/Magpie": 103.5, CrabNet: 107.3 } },
  expt_gap: { unit: "eV", kind: "number", target: 0.36, board: { "best (a language model)": 0.287, MODNet: 0.333, CrabNet: 0.346, AMMExpress: 0.416, "RF-SCM/Magpie": 0.446 } },
  expt_is_metal: { unit: "", kind: "class", target: 0.978, board: { "best (hard labels)": 0.96, AMMExpress: 0.921, "RF-SCM/Magpie": 0.917 } },
  jdft2d: { unit: "meV/atom", kind: "number", target: 44, board: { "MODNet (structures)": 33.2, CrabNet: 45.6, "RF-SCM/Magpie": 50.0 } },
  phonons: { unit: "1/cm", kind: "number", board: { "best (structures)": 28.8, CrabNet: 55.1, "RF-SCM/Magpie": 67.6 } },
  log_gvrh: { unit: "log10 GPa", kind: "number", board: { "best (structures)": 0.067, "best from a formula, about": 0.101 } },
  log_kvrh: { unit: "log10 GPa", kind: "number", board: { "best (structures)": 0.049, "best from a formula, about": 0.076 } },
};

/** Descriptors of all candidates; each candidate sees some of their blocks. */
export const REPRESENT = ["fractions", "ionic", "constituents", "alloy", "statistics", "kmd"];

export interface Task extends TaskFacts {
  readonly name: string;
  readonly formulas: readonly string[];
  /** Identity of each composition: equal ones are the same material, however it is written. */
  readonly keys: readonly string[];
  readonly x: Table;
  readonly y: Float64Array;
  /** Rows of each official test fold. */
  readonly folds: readonly (readonly number[])[];
}

interface FoldFile {
  readonly file: string;
  readonly test: readonly (readonly number[])[];
}

/** Reads a task and describes its formulas. */
export function readTask(name: string, represent: readonly string[]): Task {
  const { file, test } = (JSON.parse(readFileSync(realData("inorg-matbench/folds.json"), "utf8")) as Record<string, FoldFile>)[`matbench_${name}`]!;
  const raw = readFileSync(realData(`inorg-matbench/${file}`));
  const rows = parse<{ formula: string; target: string }>(file.endsWith(".gz") ? gunzipSync(raw) : raw, { columns: true });
  const materials = rows.map(({ formula }) => compositionCodec.parse(formula));
  const descriptors = chooseDescriptors(composition(), represent);
  const features = joinFeatures(descriptors);
  const data = new Float64Array(rows.length * features.length);
  materials.forEach((material, i) => {
    let at = i * features.length;
    for (const descriptor of descriptors) {
      descriptor.write(material, data.subarray(at, at + descriptor.features.length));
      at += descriptor.features.length;
    }
  });
  return { ...TASKS[name]!, name, formulas: rows.map(({ formula }) => formula), keys: materials.map((m) => compositionCodec.key(m)), x: shareTable({ rows: rows.length, cols: features.length, data, features }), y: Float64Array.from(rows, ({ target }) => Number(target)), folds: test };
}
