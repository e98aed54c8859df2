/* The targets of a screening, against what its model predicts. */
import { InputError, lookUp, type Unit } from "@tatara/engine/base";
import { parseTarget, type Target } from "@tatara/engine/design";
import type { ScreenStudy } from "../../schema/study.ts";

/** What a target may be about: a number with its unit, or classes by name. */
export type Predicted = { readonly name: string } & ({ readonly kind: "number"; readonly unit: Unit } | { readonly kind: "category"; readonly levels: readonly string[] });

/** Targets in the model's units and classes. Throws InputError for what is no region. */
export const screenTargets = (target: ScreenStudy["target"], outputs: readonly Predicted[]): readonly Target[] =>
  Object.entries(target).map(([name, text]) => {
    const output = lookUp("property of the model", name, Object.fromEntries(outputs.map((o) => [o.name, o])), `target.${name}`);
    const parsed = parseTarget(name, String(text), output.kind === "number" ? output.unit : output.levels);
    if (parsed.kind === "extremum") throw new InputError(`no region: target of ${name} is "${text}" — a screening needs a bound, such as "${parsed.direction === "maximise" ? ">=" : "<="} 10"`, { path: `target.${name}`, value: text });
    if (parsed.kind === "levels" && output.kind === "category" && parsed.levels.length === output.levels.length) throw new InputError(`target of everything: ${name} is "${text}", which are all its classes — leave out at least one`, { path: `target.${name}`, value: text });
    return parsed;
  });
