/*
 * The engine's learners by name, and how to read their models back. A host that has others besides puts them next to
 * these: `combine` gives it the ensembles and pools of all, `makers` and `reader` what jobs and records need.
 */
import { InputError, lookUp } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { type LinearOptions, LINEAR_MOST_ROWS, linear, linearSeconds, reviveLinear } from "./bayesianLinear.ts";
import { type BoostingOptions, boosting, boostingBytes, boostingSeconds } from "./boosting/boosting.ts";
import { reviveBoosting } from "./boosting/model.ts";
import { reviveCalibrated } from "./calibrated.ts";
import { reviveDerived } from "./derived.ts";
import { ensemble } from "./ensemble.ts";
import { fidelityInput, reviveFidelityInput } from "./fidelityInput.ts";
import { reviveFitted } from "./fitted.ts";
import { type ForestOptions, extraTrees, forest, forestSeconds } from "./forest/forest.ts";
import { type HurdleOptions, hurdle, reviveHurdle } from "./hurdle.ts";
import { reviveForest } from "./forest/model.ts";
import { type FidelityOptions, fidelityGp, reviveFidelity } from "./gp/fidelity.ts";
import { GP_MOST_ROWS, type GpOptions, gp, gpMemory, gpSeconds } from "./gp/gp.ts";
import { reviveGp } from "./gp/model.ts";
import { MULTI_TASK_MOST, type MultiTaskOptions, multiTaskGp, multiTaskSeconds, reviveMultiTask } from "./gp/multiTask.ts";
import type { LearnerCatalog } from "./jobs.ts";
import { reviveExponential } from "./logarithmic.ts";
import { reviveMixed } from "./mixed.ts";
import { reviveJoined } from "./multi.ts";
import { reviveOnlyOutput } from "./onlyOutput.ts";
import { type Options, type OptionCheck, checked, innerOptions, learnerName, least, namesOf, oneOf, option, positive, whole, within } from "./options.ts";
import { type PoolMember, pool } from "./pool.ts";
import type { LearnerNeeds, LearnerRecipe } from "./select.ts";
import { selected } from "./selected.ts";
import { type StackMember, stack } from "./stack.ts";
import { transferRecipes, transferRevivers } from "./transfer/recipes.ts";
import { type SearchSpace, reviveTuned, tuned } from "./tune.ts";
import type { Learner, Model, ModelRecord, Reviver } from "./types.ts";

const share = option("a number > 0 and ≤ 1", (v) => typeof v === "number" && v > 0 && v <= 1);
const part = option("a number > 0 and < 1", (v) => typeof v === "number" && v > 0 && v < 1);
const ways = option("rising or falling for each of some features: { feature: rising }", (v) => typeof v === "object" && v !== null && !Array.isArray(v) && Object.values(v).every((way) => way === "rising" || way === "falling"));

const BOOSTING = {
  loss: oneOf("squared", "absolute", "huber", "quantile"), delta: positive, shrinkage: share, rounds: whole(1), patience: whole(1), leaves: whole(1), maxDepth: whole(1),
  minLeaf: whole(1), minHessian: least(0), l2: least(0), rowShare: share, featureShare: share, monotone: ways, classWeight: oneOf("none", "balanced"),
};

const FOREST = { trees: whole(1), featureShare: share, minLeaf: whole(1), maxDepth: whole(1), classWeight: oneOf("none", "balanced"), criterion: oneOf("gini", "entropy"), rowShare: part };
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
  gp: {
    about: "Gaussian process: Tanimoto kernels on counts, ARD Matérn on real features; noise: varying lets the noise depend on them too",
    make: (options) =>
      gp(checked<GpOptions>("gp", options, { combine: oneOf("sum", "product"), smoothness: oneOf("1/2", "3/2", "5/2"), subset: whole(10), restarts: whole(1), iterations: whole(1), noise: oneOf("constant", "varying") })),
    space: { combine: { values: ["sum", "product"] }, smoothness: { values: ["1/2", "3/2", "5/2"] }, noise: { values: ["constant", "varying"] } },
    needs: (options) => ({ numbers: true, classes: false, mostRows: GP_MOST_ROWS, seconds: (n, d) => gpSeconds(n, d, options as GpOptions), bytes: (n, d) => 8 * n * d + gpMemory(n, 1) }),
  },
  "extra-trees": {
    about: "extremely randomised trees on histograms, Student-t by out-of-bag errors; classes with calibrated probabilities",
    make: (options) => extraTrees(checked<ForestOptions>("extra-trees", options, FOREST)),
    space: FOREST_SPACE,
    needs: forestNeeds,
  },
  forest: {
    about: "random forest on histograms, Student-t by out-of-bag errors; classes with calibrated probabilities",
    make: (options) => forest(checked<ForestOptions>("forest", options, FOREST)),
    space: FOREST_SPACE,
    needs: forestNeeds,
  },
  boosting: {
    about: "gradient boosting of trees on histograms, stopped early on inner folds; the spread is boosted too; classes with calibrated probabilities",
    make: (options) => boosting(checked<BoostingOptions>("boosting", options, BOOSTING)),
    space: {
      shrinkage: { low: 0.03, high: 0.3, log: true }, leaves: { low: 4, high: 64, whole: true, log: true }, minLeaf: { low: 1, high: 30, whole: true, log: true }, l2: { low: 0.1, high: 50, log: true },
      rowShare: { low: 0.5, high: 1 }, featureShare: { low: 0.1, high: 1, log: true }, loss: { values: ["squared", "squared", "absolute", "huber"] },
    },
    needs: (options) => ({ numbers: true, classes: true, mostRows: 1_000_000, seconds: (n, d) => boostingSeconds(n, d, options), bytes: (n, d) => boostingBytes(n, d, options) }),
  },
};

const GP_COMMON = { combine: oneOf("sum", "product"), smoothness: oneOf("1/2", "3/2", "5/2"), subset: whole(10), restarts: whole(1), iterations: whole(1), order: namesOf("properties") };

/** They learn several columns at once, so `auto`, which chooses for one at a time, leaves them out. */
const jointRecipes: Catalog<LearnerRecipe> = {
  "multi-task-gp": {
    about: "Gaussian process of several columns at once, each row measured for some of them (structure: intrinsic, linear, or autoregressive for fidelities from low to high)",
    make: (options) => multiTaskGp(checked<MultiTaskOptions>("multi-task-gp", options, { ...GP_COMMON, structure: oneOf("intrinsic", "linear", "autoregressive") })),
    // Twice the rows: the forecast does not see the other columns.
    needs: (options) => ({ numbers: true, classes: false, mostRows: MULTI_TASK_MOST, seconds: (n, d) => multiTaskSeconds(Math.min(MULTI_TASK_MOST, 2 * n), d, options as MultiTaskOptions), bytes: (n, d) => 8 * 2 * n * d + gpMemory(Math.min(MULTI_TASK_MOST, 2 * n), 2) }),
  },
  "fidelity-gp": {
    about: "Gaussian processes of several fidelities one upon the other (option order: columns from low to high): recursive Kennedy-O'Hagan, for many simulations beside few measurements",
    make: (options) => fidelityGp(checked<FidelityOptions>("fidelity-gp", options, GP_COMMON)),
    needs: () => ({ numbers: true, classes: false, mostRows: GP_MOST_ROWS, seconds: (n, d) => 2 * gpSeconds(n, d), bytes: (n, d) => 8 * n * d + gpMemory(n, 1) }),
  },
};

/** Of members that are fitted one after another and kept together. */
const needsOfAll = (members: readonly LearnerNeeds[]): LearnerNeeds => ({
  numbers: members.every(({ numbers }) => numbers),
  classes: members.every(({ classes }) => classes),
  graphs: members.some(({ graphs }) => graphs === true),
  blocks: [...new Set(members.flatMap(({ blocks = [] }) => blocks))],
  mostRows: Math.min(...members.map(({ mostRows }) => mostRows)),
  seconds: (n, d) => members.reduce((sum, { seconds }) => sum + seconds(n, d), 0),
  bytes: (n, d) => members.reduce((sum, { bytes }) => sum + bytes(n, d), 0),
});

/** Members of a bagged ensemble when nothing is said. */
const ENSEMBLE_SIZE = 10;
const ensembleOptions = (options: Options) => checked<{ readonly learner?: string; readonly size?: number }>("ensemble", options, { learner: learnerName, size: whole(1) });

const fidelityOptions = (options: Options): { readonly learner: string; readonly options: Options } => {
  const { learner = "gp", options: own = {} } = checked<{ readonly learner?: string; readonly options?: Options }>("fidelity-input", options, { learner: learnerName, options: innerOptions });
  return { learner, options: own };
};

/** A member of a pool as a study writes it. */
interface MemberOptions {
  readonly learner: string;
  readonly options?: Options;
  readonly blocks?: readonly string[];
}

const MEMBER = { learner: learnerName, options: innerOptions, blocks: option("a list of names of descriptors", (v) => Array.isArray(v) && v.every((name) => typeof name === "string")) };
const MEMBERS = option("a list of learners: [{ learner: linear }, { learner: forest, options: { trees: 100 } }]", (v) => Array.isArray(v) && v.length > 0);

/** One learner among the options of another, at its place; it must have a name. */
function memberOf<T extends { readonly learner: string }>(what: string, at: string, written: unknown, checks: Readonly<Record<string, OptionCheck>>): T {
  return within(at, () => {
    const member = checked<T>(what, written as Options, checks);
    if (member.learner === undefined) throw new InputError(`no learner in ${what}: ${JSON.stringify(written)} — name it, { learner: forest }`, { path: "learn.options", value: written });
    return member;
  });
}

const DEFAULT_POOL: readonly MemberOptions[] = [
  { learner: "extra-trees", options: { criterion: "entropy", featureShare: 1, rowShare: 0.95 } },
  { learner: "forest", options: { criterion: "entropy", featureShare: 0.2, rowShare: 0.9 } },
];

const membersOf = (options: Options): readonly MemberOptions[] => {
  const { members = DEFAULT_POOL } = checked<{ readonly members?: readonly MemberOptions[] }>("pool", options, { members: MEMBERS });
  return members.map((written, i) => memberOf<MemberOptions>("a pool's member", `members.${i}`, written, MEMBER));
};

/** What is made of one other learner: its name, `extra-trees` when left out, its options, and options of its own. */
const nested = (what: string, options: Options, checks: Readonly<Record<string, OptionCheck>>): { readonly learner: string; readonly options: Options } & Options => {
  const { learner = "extra-trees", options: own = {}, ...others } = checked<{ readonly learner?: string; readonly options?: Options } & Options>(what, options, { learner: learnerName, options: innerOptions, ...checks });
  return { learner, options: own, ...others };
};

const STACKED = { learner: MEMBER.learner, options: MEMBER.options, weight: least(0), factor: positive };
const DEFAULT_STACK: readonly StackedOptions[] = [{ learner: "extra-trees" }, { learner: "boosting" }];
/** Inner folds of a stack when nothing is said. */
const STACK_FOLDS = 5;

/** A member of a stack as a study, or the choice of learners, writes it. */
interface StackedOptions extends Omit<MemberOptions, "blocks"> {
  readonly weight?: number;
  readonly factor?: number;
}

const stackOptions = (options: Options): { readonly members: readonly StackedOptions[]; readonly folds: number } => {
  const { members = DEFAULT_STACK, folds = STACK_FOLDS } = checked<{ readonly members?: readonly StackedOptions[]; readonly folds?: number }>("stack", options, { members: MEMBERS, folds: whole(2) });
  return { members: members.map((written, i) => memberOf<StackedOptions>("a stack's member", `members.${i}`, written, STACKED)), folds };
};

/** Seconds of reading relevance and redundancy of features, roughly. */
const selectionSeconds = (n: number, d: number, kept: number): number => Math.min(n, 5000) * d * (1e-7 + 1e-9 * Math.min(kept, d));

/** The parts of a two-part model as a study writes them. */
interface HurdleParts extends Pick<HurdleOptions, "scale"> {
  readonly numbers?: MemberOptions;
  readonly classes?: MemberOptions;
}

const DEFAULT_NUMBERS: MemberOptions = { learner: "extra-trees", options: { rowShare: 0.95, minLeaf: 1, featureShare: 0.5 } };
const DEFAULT_CLASSES: MemberOptions = { learner: "extra-trees", options: { rowShare: 0.95, criterion: "entropy", featureShare: 0.5 } };

const PART = option("a learner: { learner: forest }", innerOptions);

function partsOf(options: Options): Required<Pick<HurdleParts, "numbers" | "classes">> & HurdleParts {
  const { numbers = DEFAULT_NUMBERS, classes = DEFAULT_CLASSES, ...rest } = checked<HurdleParts>("hurdle", options, { numbers: PART, classes: PART, scale: oneOf("linear", "sqrt", "log") });
  const { learner, options: inner } = MEMBER;
  const partOf = (name: string, written: MemberOptions) => memberOf<MemberOptions>(`the ${name} of hurdle`, name, written, { learner, options: inner });
  return { ...rest, numbers: partOf("numbers", numbers), classes: partOf("classes", classes) };
}

/** Some recipes, and what can be made of them: ensembles, pools, stacks, tuned ones, those that see some features only, and transfer. `auto` tries these last, or not at all, because each costs several fits. */
export function combine(basic: Catalog<LearnerRecipe>): Catalog<LearnerRecipe> {
  const all: Record<string, LearnerRecipe> = { ...basic };
  const recipeOf = (what: string, learner: string): LearnerRecipe => lookUp(`learner of ${what}`, learner, all, "learn.options.learner");
  /** The learner of an option; `at` is where its name and its options stand. */
  const innerOf = (what: string, { learner, options = {} }: Pick<MemberOptions, "learner" | "options">, at: readonly string[]): Learner => {
    const recipe = within(at.join("."), () => recipeOf(what, learner));
    return within([...at, "options"].join("."), () => recipe.make(options));
  };
  const poolMember = ({ blocks, ...member }: MemberOptions, i: number): PoolMember => ({ learner: innerOf("a pool", member, ["members", String(i)]), ...(blocks && { blocks }) });
  const stacked = ({ learner, options, ...mixing }: StackedOptions, i: number): StackMember => ({ learner: innerOf("a stack", { learner, ...(options && { options }) }, ["members", String(i)]), ...mixing });
  const ensembled = ({ learner = "linear" }: Options): LearnerRecipe => recipeOf("an ensemble", String(learner));
  const tunedFrom = (options: Options) => nested("tuned", options, { seconds: least(0) }) as { readonly learner: string; readonly options: Options; readonly seconds?: number };
  const selectedFrom = (options: Options) => nested("selected", options, { features: whole(1) }) as { readonly learner: string; readonly options: Options; readonly features?: number };
  const needsOf = (what: string, { learner, options = {} }: MemberOptions): LearnerNeeds => recipeOf(what, learner).needs(options);
  return Object.assign(all, {
    ensemble: {
      about: "bagged ensemble of one of the others (option learner), the mixture of its members",
      make: (options) => {
        const { size } = ensembleOptions(options);
        return ensemble({ learner: ensembled(options).make({}), ...(size !== undefined && { size }) });
      },
      needs: (options) => needsOfAll(Array.from({ length: ensembleOptions(options).size ?? ENSEMBLE_SIZE }, () => ensembled(options).needs({}))),
    },
    hurdle: {
      about: "for numbers of which many share the least value, such as gaps of zero: one learner (option classes) tells these from the others, another (option numbers) learns the others on a scale of their own (linear, sqrt or log); the prediction is a law with a heap",
      make: (options) => {
        const { numbers, classes, scale } = partsOf(options);
        return hurdle({ numbers: innerOf("hurdle", numbers, ["numbers"]), classes: innerOf("hurdle", classes, ["classes"]), ...(scale && { scale }) });
      },
      needs: (options) => {
        const parts = partsOf(options);
        const [numbers, classes] = [needsOf("hurdle", parts.numbers), needsOf("hurdle", parts.classes)];
        return { ...needsOfAll([numbers, classes]), numbers: numbers.numbers && classes.classes, classes: false };
      },
    },
    pool: {
      about: "several of the others (option members: learner, its options, and the blocks of features it sees), their predictions mixed in equal parts; by default extra-trees and a forest, both by entropy",
      make: (options) => pool({ members: membersOf(options).map(poolMember) }),
      needs: (options) => needsOfAll(membersOf(options).map((one) => needsOf("a pool", one))),
    },
    stack: {
      about: "several of the others (option members: learner, its options) in a mixture whose weights are found on inner folds; by default extra-trees and boosting",
      make: (options) => {
        const { members, folds } = stackOptions(options);
        return stack({ members: members.map(stacked), folds });
      },
      needs: (options) => {
        const { members, folds } = stackOptions(options);
        const each = needsOfAll(members.map((one) => needsOf("a stack", one)));
        const fits = members.every(({ weight }) => weight !== undefined) ? 1 : folds + 1;
        return { ...each, seconds: (n, d) => fits * each.seconds(n, d) };
      },
    },
    tuned: {
      about: "one of the others (options learner, options; extra-trees by default) with the options that a search under a budget (seconds, of each fit) finds best on inner folds",
      make: (options) => {
        const { learner, options: own, seconds = TUNE_SECONDS } = tunedFrom(options);
        const { make, needs, space = {} } = recipeOf("tuned", learner);
        return tuned({ name: learner, make: (setting) => within("options", () => make(setting)), space, options: own, budget: seconds, seconds: (n, d, setting) => needs(setting).seconds(n, d) });
      },
      needs: (options) => {
        const { learner, options: own, seconds = TUNE_SECONDS } = tunedFrom(options);
        const needs = recipeOf("tuned", learner).needs(own);
        return { ...needs, seconds: (n, d) => seconds + needs.seconds(n, d) };
      },
    },
    selected: {
      about: "one of the others (options learner, options; extra-trees by default) on those features (option features: how many) that have to do with the property and do not repeat each other",
      make: (options) => {
        const { learner, options: own, features = SELECT_FEATURES } = selectedFrom(options);
        return selected({ learner: within("options", () => recipeOf("selected", learner).make(own)), features });
      },
      needs: (options) => {
        const { learner, options: own, features = SELECT_FEATURES } = selectedFrom(options);
        const needs = recipeOf("selected", learner).needs(own);
        return { ...needs, seconds: (n, d) => selectionSeconds(n, d, features) + needs.seconds(n, Math.min(d, features)), bytes: (n, d) => 16 * n * d + needs.bytes(n, Math.min(d, features)) };
      },
    },
    ...jointRecipes,
    "fidelity-input": {
      about: "one of the others (option learner, with its options) of several columns at once, told by an input which one is asked for: many simulations beside few measurements, around a network for instance",
      make: (options) => {
        const { learner, options: own } = fidelityOptions(options);
        const { make } = lookUp("learner of fidelity-input", learner, basic, "learn.options.learner");
        return fidelityInput(within("options", () => make(own)));
      },
      needs: (options) => {
        const { learner, options: own } = fidelityOptions(options);
        const needs = lookUp("learner of fidelity-input", learner, basic, "learn.options.learner").needs(own);
        // Twice the rows: the forecast does not see the other columns.
        return { ...needs, classes: false, mostRows: Math.floor(needs.mostRows / 2), seconds: (n, d) => needs.seconds(2 * n, d + 1), bytes: (n, d) => 16 * n * d + needs.bytes(2 * n, d + 1) };
      },
    },
    ...transferRecipes(basic),
  } satisfies Catalog<LearnerRecipe>);
}

/** Forecast seconds that the search of one fit takes, and features that are kept, when nothing is said. */
const TUNE_SECONDS = 30;
const SELECT_FEATURES = 100;

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
