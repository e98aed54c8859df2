/*
 * What is tried on every task: the same list for all of them, each learner on some blocks of features. Which of them is
 * used, on which scale of the target, and how they are weighed against one another, is settled inside the training rows of
 * each official fold.
 */
import type { LearnerSpec } from "@tatara/engine/learn";
import { automatic } from "../../src/catalogue/learners.ts";

export interface Candidate {
  readonly name: string;
  readonly learner: LearnerSpec;
  /** Most training rows that it is tried on. */
  readonly most?: number;
}

/** One learner that sees some blocks of the table. */
const on = (blocks: string, learner: string, options: Readonly<Record<string, unknown>> = {}): LearnerSpec => ({ name: "pool", options: { members: [{ learner, options, blocks: blocks.split("+") }] } });

const TREES = { rowShare: 0.95 };
const CHEMISTRY = "fractions+ionic+constituents";

/** The yardstick of the paired tests: a random forest on element statistics, nothing chosen. */
export const PLAIN: Candidate = { name: "plain forest", learner: on("statistics", "forest") };

/** The scale of the target is chosen with this one. */
export const SCOUT: Candidate = { name: "trees, chemistry", learner: on(CHEMISTRY, "extra-trees", { ...TREES, minLeaf: 1, featureShare: 0.5 }) };

export const NUMBERS: readonly Candidate[] = [
  SCOUT,
  { name: "trees, all blocks", learner: on(`${CHEMISTRY}+alloy+statistics`, "extra-trees", { ...TREES, minLeaf: 1, featureShare: 0.3 }) },
  { name: "trees, kernel means", learner: on("kmd", "extra-trees", { ...TREES, minLeaf: 1, featureShare: 0.3 }), most: 1500 },
  { name: "gp, chemistry", learner: on(`${CHEMISTRY}+alloy`, "gp"), most: 4500 },
  { name: "gp, all blocks", learner: on(`${CHEMISTRY}+alloy+statistics`, "gp"), most: 4500 },
  { name: "gp, fractions", learner: on("fractions", "gp"), most: 1500 },
];

const ENTROPY = { ...TREES, criterion: "entropy" };
export const CLASSES: readonly Candidate[] = [
  { name: "trees, chemistry", learner: on(CHEMISTRY, "extra-trees", { ...ENTROPY, featureShare: 0.5 }) },
  { name: "trees, all blocks", learner: on(`${CHEMISTRY}+alloy+statistics`, "extra-trees", { ...ENTROPY, featureShare: 0.3 }) },
  { name: "forest, all blocks", learner: on(`${CHEMISTRY}+alloy+statistics`, "forest", { ...ENTROPY, featureShare: 0.2 }) },
];

const BLOCKS = `${CHEMISTRY}+alloy+statistics`;
const hurdleOf = (classes: LearnerSpec, numbers: LearnerSpec): LearnerSpec => ({ name: "hurdle", options: { classes: { learner: classes.name, options: classes.options }, numbers: { learner: numbers.name, options: numbers.options } } });

/** Where many training rows share the least value: laws with a heap there, the rest on square roots. */
export const HURDLES: readonly Candidate[] = [
  { name: "two parts, trees", learner: hurdleOf(on(BLOCKS, "extra-trees", { ...ENTROPY, featureShare: 0.3 }), on(BLOCKS, "extra-trees", { ...TREES, minLeaf: 1, featureShare: 0.3 })) },
  { name: "two parts, forest + gp", learner: hurdleOf(on(BLOCKS, "forest", { ...ENTROPY, featureShare: 0.2 }), on(BLOCKS, "gp")), most: 1500 },
  { name: "two parts, boosting", learner: hurdleOf(on(CHEMISTRY, "boosting"), on(CHEMISTRY, "boosting")), most: 7500 },
];
/** Share of the training rows at the least value from which they are tried. */
export const HEAP = 0.1;

/** Blocks that every table has: those of the plain forest and of the learner that chooses the scale. */
export const NEEDED = ["statistics", ...CHEMISTRY.split("+")];

/** A learner of the catalogue by name, with its own defaults: on some blocks, or, if it is made of others, on all of the table. */
export const named = (name: string, blocks: string): Candidate => ({ name, learner: automatic.some((one) => one.name === name) ? on(blocks, name) : { name } });
