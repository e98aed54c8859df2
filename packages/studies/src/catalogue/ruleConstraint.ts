/*
 * Rules as a hard condition that every domain offers: intervals of features by name, such as
 * `rules: { "alloy:size_mismatch": "3 .. 9 %" }`. A material is described by the descriptors that hold these features and
 * by no others. In a study the value may also be the path of a rules.json; loading puts the best rule's intervals there.
 */
import { InputError } from "@tatara/engine/base";
import { parseTarget } from "@tatara/engine/design";
import type { ConstraintRecipe, Descriptor, Domain } from "@tatara/engine/generate";
import { known } from "./known.ts";

/** The constraint's name in every domain. */
export const RULES = "rules";

interface Interval {
  readonly name: string;
  /** Place of the feature in its descriptor's row. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly strict: boolean;
  readonly text: string;
}

interface Part {
  readonly descriptor: Descriptor<unknown>;
  readonly row: Float64Array;
  readonly intervals: readonly Interval[];
}

/** The domain with rules among its constraints. */
export const withRules = (domain: Domain<unknown>): Domain<unknown> => ({ ...domain, constraints: { ...domain.constraints, [RULES]: ruleConstraint(domain) } });

function ruleConstraint({ descriptors }: Domain<unknown>): ConstraintRecipe<unknown> {
  return {
    about: 'rules to keep: the rules.json of a run, or intervals of features such as { "alloy:size_mismatch": "3 .. 9 %" }',
    schema: { parse: (value) => value },
    make(value) {
      const parts = partsOf(value, Object.values(descriptors));
      return (s) => {
        const broken: string[] = [];
        for (const { descriptor, row, intervals } of parts) {
          descriptor.write(s, row);
          for (const interval of intervals) if (!holds(interval, row[interval.at]!)) broken.push(`${interval.name} ${readable(row[interval.at]!)}, wanted ${interval.text}`);
        }
        return broken.length === 0 ? undefined : `breaks the rule: ${broken.join("; ")}`;
      };
    },
  };
}

const holds = ({ low, high, strict }: Interval, v: number): boolean => (strict ? v > low && v < high : v >= low && v <= high);
const readable = (v: number): string => (Number.isNaN(v) ? "unknown" : String(Number(v.toPrecision(4))));

function partsOf(value: unknown, descriptors: readonly Descriptor<unknown>[]): readonly Part[] {
  if (value === null || typeof value !== "object" || Array.isArray(value) || Object.keys(value).length === 0)
    throw new InputError(`no rules: ${JSON.stringify(value) ?? String(value)} — the rules.json of a run, or intervals of features such as { "alloy:size_mismatch": "3 .. 9 %" }`, { value });
  const found = new Map<Descriptor<unknown>, Interval[]>();
  for (const [name, text] of Object.entries(value)) {
    const descriptor = descriptors.find(({ features }) => features.some((f) => f.name === name));
    if (descriptor === undefined) known("feature", name, descriptors.flatMap(({ features }) => features.map((f) => f.name)));
    const at = descriptor!.features.findIndex((f) => f.name === name);
    const target = parseTarget(name, String(text), descriptor!.features[at]!.unit);
    if (target.kind !== "interval") throw new InputError(`no interval: ${name} is "${String(text)}" — a bound or a range, such as ">= 0.2" or "0.1 .. 0.3"`, { path: name, value: text });
    found.set(descriptor!, [...(found.get(descriptor!) ?? []), { name, at, low: target.low, high: target.high, strict: target.strict ?? false, text: String(text) }]);
  }
  return Array.from(found, ([descriptor, intervals]) => ({ descriptor, row: new Float64Array(descriptor.features.length), intervals }));
}
