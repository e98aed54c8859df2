/*
 * The statistics without the sums: the 232 numbers that Liu et al. (2021, doi 10.1002/adma.202102507) learn
 * quasicrystals from. A sum grows with the formula, and formulas of alloys measured in atomic per cent are long where
 * those of compounds are short: a model that is shown sums learns who wrote the formula down, and finds nothing on a
 * grid of compositions.
 */
import type { Descriptor } from "@tatara/engine/generate";
import type { Rows } from "../rows.ts";
import type { Composition } from "../type.ts";
import { statistics } from "./statistics.ts";

export function intensive(rows: Rows): Descriptor<Composition> {
  const all = statistics(rows);
  const width = rows.table.properties.length;
  const kept = all.features.flatMap(({ name }, j) => (name.startsWith("sum:") ? [] : [j]));
  const whole = new Float64Array(all.features.length);
  return {
    id: "intensive",
    about: `average, variance, largest and smallest of ${width} properties of the elements: ${kept.length} numbers that do not depend on the size of the formula`,
    features: kept.map((j) => ({ ...all.features[j]!, block: "intensive" })),
    write: (s, row) => {
      all.write(s, whole);
      kept.forEach((j, k) => (row[k] = whole[j]!));
    },
  };
}
