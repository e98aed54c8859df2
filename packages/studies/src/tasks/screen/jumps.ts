/*
 * Features that depend on how a material is written, not on its shares: a sum over a formula is 25 times smaller at A2BC
 * than at its neighbours A51B24C25. Over a diagram they jump, and a model that uses them draws lines which are not there.
 */
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import type { System } from "./systems.ts";

/** Percent between the points that are compared. */
const STEP = 0.5;
/** A feature jumps when it differs by this share of itself from the mean of its neighbours, and by this many times as much as they do. */
const SHARE = 0.25;
const TIMES = 3;

/** What to warn of before such a model is used; undefined when all is smooth. */
export function jumpWarning({ parts, free, fixed }: System, domain: Domain<unknown>, represent: readonly string[]): string | undefined {
  const descriptors = chooseDescriptors(domain, represent);
  const features = joinFeatures(descriptors);
  const rest = 100 - fixed.reduce((sum, f) => sum + (Number.isNaN(f) ? 0 : f), 0);
  const rows = [-STEP, 0, STEP].map((shift) => {
    const amounts = parts.map((_, k) => fixed[k]!);
    free.forEach((k, i) => (amounts[k] = i === 0 ? rest / 2 + shift : rest / 2 / (free.length - 1) - (i === 1 ? shift : 0)));
    const material = domain.mixing!.mix(parts, amounts);
    const row = new Float64Array(features.length);
    let at = 0;
    for (const descriptor of descriptors) descriptor.write(material, row.subarray(at, (at += descriptor.features.length)));
    return row;
  });
  const [below, here, above] = rows as [Float64Array, Float64Array, Float64Array];
  const jumping = features.filter((_, j) => {
    const middle = (below[j]! + above[j]!) / 2;
    const off = Math.abs(here[j]! - middle);
    return off > SHARE * Math.max(Math.abs(here[j]!), Math.abs(middle)) && off > TIMES * Math.abs(above[j]! - below[j]!);
  });
  if (jumping.length === 0) return undefined;
  return `${jumping.length} of the ${features.length} features jump between neighbouring points of a diagram, such as ${jumping[0]!.name}: they depend on how a formula is written and draw lines that are not there — learn from represent: [${domain.mixing!.descriptors.join(", ")}]`;
}
