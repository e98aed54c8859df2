/*
 * The engine's learners by name, and how to read their models back. A host that has others besides puts them next to
 * these: `combine` (combined.ts) gives it the ensembles and pools of all, `makers` and `reader` what jobs and records need.
 */
import { lookUp } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { type LinearOptions, LINEAR_MOST_ROWS, linear, linearSeconds, reviveLinear } from "./bayesianLinear.ts";
import { boosting, boostingBytes, boostingSeconds } from "./boosting/boosting.ts";
import { reviveBoosting } from "./boosting/model.ts";
import { reviveCalibrated } from "./calibrated.ts";
import { combine } from "./combined.ts";
import { reviveDerived } from "./derived.ts";
import { reviveFidelityInput } from "./fidelityInput.ts";
import { reviveFitted } from "./fitted.ts";
import { type ForestOptions, extraTrees, forest, forestSeconds } from "./forest/forest.ts";
import { reviveForest } from "./forest/model.ts";
import { reviveFidelity } from "./gp/fidelity.ts";
import { reviveGp } from "./gp/model.ts";
import { reviveMultiTask } from "./gp/multiTask.ts";
import { gpRecipe } from "./gp/recipes.ts";
import { reviveHurdle } from "./hurdle.ts";
import type { LearnerCatalog } from "./jobs.ts";
import { reviveExponential } from "./logarithmic.ts";
import { reviveMixed } from "./mixed.ts";
import { reviveJoined } from "./multi.ts";
import { reviveOnlyOutput } from "./onlyOutput.ts";
import { type Options, checked, whole } from "./options.ts";
import type { LearnerNeeds, LearnerRecipe } from "./select.ts";
import { transferRevivers } from "./transfer/recipes.ts";
import { type SearchSpace, reviveTuned } from "./tune.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

const DEFAULT_TREES = 200;
const FOREST_SPACE: SearchSpace = { featureShare: { low: 0.1, high: 1, log: true }, minLeaf: { low: 1, high: 10, whole: true, log: true } };

const forestNeeds = (options: Options): LearnerNeeds => {
  const { trees = DEFAULT_TREES } = options as ForestOptions;
  return {
    numbers: true,
    classes: true,
    mostRows: 1_000_000,
    seconds: (n, d) => forestSeconds(n, d, { trees }),
    // The training rows again, their bins, and up to 2n nodes of some 40 bytes in each tree.
    bytes: (n, d) => 9 * n * d + trees * 2 * n * 40,
  };
};

/** Each learns by itself. Cheap ones first: this is the order in which `auto` tries them. */
export const basicRecipes: Catalog<LearnerRecipe> = {
  linear: {
    about: "Bayesian linear regression by evidence maximisation, one prior precision for each block of features",
    make: (options) => linear(checked<LinearOptions>("linear", options, { subset: whole(10) })),
    needs: () => ({ numbers: true, classes: false, mostRows: LINEAR_MOST_ROWS, seconds: linearSeconds, bytes: (n, d) => 8 * (n * d + 4 * Math.min(n, d) ** 2) }),
  },
  gp: gpRecipe,
  "extra-trees": {
    about: "extremely randomised trees on histograms, Student-t by out-of-bag errors; classes with calibrated probabilities",
    make: (options) => extraTrees(options),
    space: FOREST_SPACE,
    needs: forestNeeds,
  },
  forest: {
    about: "random forest on histograms, Student-t by out-of-bag errors; classes with calibrated probabilities",
    make: (options) => forest(options),
    space: FOREST_SPACE,
    needs: forestNeeds,
  },
  boosting: {
    about: "gradient boosting of trees on histograms, stopped early on inner folds; the spread is boosted too; classes with calibrated probabilities",
    make: (options) => boosting(options),
    space: {
      shrinkage: { low: 0.03, high: 0.3, log: true }, leaves: { low: 4, high: 64, whole: true, log: true }, minLeaf: { low: 1, high: 30, whole: true, log: true }, l2: { low: 0.1, high: 50, log: true },
      rowShare: { low: 0.5, high: 1 }, featureShare: { low: 0.1, high: 1, log: true }, loss: { values: ["squared", "squared", "absolute", "huber"] },
    },
    needs: (options) => ({ numbers: true, classes: true, mostRows: 1_000_000, seconds: (n, d) => boostingSeconds(n, d, options), bytes: (n, d) => boostingBytes(n, d, options) }),
  },
};

/** Everything that the engine offers. */
export const recipes: Catalog<LearnerRecipe> = combine(basicRecipes);

/** What makes the learners of some recipes; jobs name learners by it. */
export const makers = (catalog: Catalog<LearnerRecipe>): LearnerCatalog => Object.fromEntries(Object.entries(catalog).map(([name, { make }]) => [name, make]));

/** Learners by the names used in study files; `auto` is not one of them, `fitModel` chooses. */
export const learners: LearnerCatalog = makers(recipes);

/** Readers of model records by their type. */
export const revivers: Catalog<Reviver> = {
  linear: reviveLinear,
  gp: reviveGp,
  "multi-task-gp": reviveMultiTask,
  "fidelity-gp": reviveFidelity,
  "fidelity-input": reviveFidelityInput,
  "only-output": reviveOnlyOutput,
  forest: reviveForest,
  boosting: reviveBoosting,
  ensemble: reviveMixed,
  pool: reviveMixed,
  stack: reviveMixed,
  tuned: reviveTuned,
  multi: reviveJoined,
  calibrated: reviveCalibrated,
  exponential: reviveExponential,
  derived: reviveDerived,
  fitted: reviveFitted,
  ...transferRevivers,
  hurdle: reviveHurdle,
};

/** Reads any record whose type is in a catalogue; throws InputError for another type. */
export function reader(catalog: Catalog<Reviver>): (record: ModelRecord) => Model {
  const read = (record: ModelRecord): Model => lookUp("model type", record.type, catalog, "type")(record, read);
  return read;
}

/** Read any record of the engine back. Throws InputError when its type is unknown. */
export const reviveModel: (record: ModelRecord) => Model = reader(revivers);
