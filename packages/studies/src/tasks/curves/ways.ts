/* The ways to learn that a study of curves compares. */
import type { CurveWay } from "@tatara/engine/learn";
import { recipes } from "../../catalogue/learners.ts";
import type { CurvesStudy } from "../../schema/study.ts";

type Written = NonNullable<CurvesStudy["curves"]["without"]>[number];

const nameOf = (way: Written): string => (typeof way === "string" ? way : way.model);
const optionsOf = (way: Written): Readonly<Record<string, unknown>> => (typeof way === "string" ? {} : (way.options ?? {}));

/** What is compared where the study does not say: for few rows, and what a user would try first. */
const WITHOUT = { number: ["kernel-ridge", "forest"], class: ["forest", "boosting"] } as const;
const WITH = ["transfer"];

/** Names, in the order of the study; two of one learner are told apart by their place. */
const named = (ways: readonly Written[], words: (name: string) => string): readonly string[] => {
  const names = ways.map(nameOf);
  return names.map((name, i) => words(names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${names.slice(0, i + 1).filter((other) => other === name).length})`));
};

/** Where there are sources, a way without transfer must be kept from seeing them. */
export function waysOf({ curves, data: { properties } }: Pick<CurvesStudy, "curves" | "data">, sources: boolean): readonly CurveWay[] {
  const numbers = Object.values(properties).every(({ kind }) => kind === "number");
  const without = curves.without ?? WITHOUT[numbers ? "number" : "class"];
  const within = curves.with ?? (sources && numbers ? WITH : []);
  const names = { without: named(without, (name) => (sources ? `${name} without transfer` : name)), within: named(within, (name) => (name === "transfer" ? "transfer, chosen by cross-validation" : name)) };
  return [
    ...without.map((way, i): CurveWay => ({ name: names.without[i]!, transfers: false, learner: sources ? { name: "transfer", options: { method: "none", learner: nameOf(way), options: optionsOf(way) } } : { name: nameOf(way), options: optionsOf(way) } })),
    ...within.map((way, i): CurveWay => ({ name: names.within[i]!, transfers: true, learner: { name: nameOf(way), options: optionsOf(way) } })),
  ];
}

/** Seconds on one core that all curves of one property take. */
export function curvesSeconds(study: CurvesStudy, sources: boolean, features: number): number {
  const needs = waysOf(study, sources).map(({ learner }) => recipes[learner.name]!.needs(learner.options ?? {}));
  return study.curves.repeats * study.curves.sizes.reduce((sum, rows) => sum + needs.reduce((s, { mostRows, seconds }) => s + (rows <= mostRows ? seconds(rows, features) : 0), 0), 0);
}

/** Sizes asked for that there are not rows enough for, in words. */
export function tooMany(sizes: readonly number[], available: number): string {
  const beyond = sizes.filter((rows) => rows > available).map((rows) => `${rows} rows are ${rows - available} more`);
  return `${beyond.join(", ")} than the ${available} there are to learn from`;
}

/** What will be measured, of a table with so many rows. */
export function curvesLine({ curves: { repeats, sizes }, learn: { folds } }: Pick<CurvesStudy, "curves" | "learn">, rows: number, seconds: number): string {
  const available = Math.floor(rows * (1 - 1 / folds));
  return `measure curves about ${Math.ceil(seconds)} s: ${repeats} ${repeats === 1 ? "repeat" : "repeats"} at ${sizes.filter((size) => size <= available).join(", ")} rows${sizes.some((size) => size > available) ? `; ${tooMany(sizes, available)} beside a fold held out, by a rough count` : ""}`;
}
