/* Real data for tests and benches: located beside the repository, never copied into it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));

/** Column `column` of a shared table, every `step`-th row; undefined where the data are absent. */
export function corpus(path: string, column = 0, step = 1): string[] | undefined {
  if (!existsSync(root + path)) return undefined;
  const bytes = readFileSync(root + path);
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split(/\r?\n/).slice(1);
  return lines.filter((_, i) => i % step === 0).map((line) => line.split(",")[column]!);
}

export const zinc = (step = 1) => corpus("mol-zinc250k/zinc250k.smi.gz", 0, step);
export const openPolymers = (step = 1) => corpus("poly-open2025/train.csv.gz", 1, step);
export const smipoly = (step = 1) => corpus("poly-smipoly/generated_polymers_sample.csv.gz", 2, step);

/** Printed where a test needs data that are not there. */
export const ABSENT = "skipped: ../shared/data is absent";
