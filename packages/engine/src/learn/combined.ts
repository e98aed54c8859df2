/*
 * What can be made of other learners, as studies name it: ensembles, pools, stacks, laws with heaps, tuned ones, those that see some
 * features only, several fidelities with an input, and transfer. Each costs several fits, and may be made of another of these.
 */
import { lookUp } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { ensemble } from "./ensemble.ts";
import { fidelityInput } from "./fidelityInput.ts";
import { jointRecipes } from "./gp/recipes.ts";
import { type HurdleOptions, hurdle } from "./hurdle.ts";
import { WRITTEN, type OptionCheck, type Options, type WrittenLearner as Written, checked, innerOptions, learnerList, least, memberOf, oneOf, option, positive, whole, within } from "./options.ts";
import { pool } from "./pool.ts";
import type { LearnerNeeds, LearnerRecipe } from "./select.ts";
import { selected } from "./selected.ts";
import { stack } from "./stack.ts";
import { transferRecipes } from "./transfer/recipes.ts";
import { tuned } from "./tune.ts";
import type { Learner } from "./types.ts";

/** What the recipes are made of: learners by name; `what` is made of them, and they stand `at` some place of its options, for errors. */
interface Parts {
  recipe(what: string, learner: string): LearnerRecipe;
  make(what: string, written: Written, at?: string): Learner;
  needs(what: string, written: Written): LearnerNeeds;
}

function partsOf(catalog: Catalog<LearnerRecipe>): Parts {
  const recipe: Parts["recipe"] = (what, learner) => lookUp(`learner of ${what}`, learner, catalog, "learn.options.learner");
  const make: Parts["make"] = (what, { learner, options = {} }, at) => {
    const { make: made } = at === undefined ? recipe(what, learner) : within(at, () => recipe(what, learner));
    return within(at === undefined ? "options" : `${at}.options`, () => made(options));
  };
  return { recipe, make, needs: (what, { learner, options = {} }) => recipe(what, learner).needs(options) };
}

/** Some recipes, and what can be made of them. `auto` tries these last, or not at all. */
export function combine(basic: Catalog<LearnerRecipe>): Catalog<LearnerRecipe> {
  const all: Record<string, LearnerRecipe> = { ...basic };
  const parts = partsOf(all);
  return Object.assign(all, {
    ensemble: ensembleRecipe(parts),
    hurdle: hurdleRecipe(parts),
    pool: poolRecipe(parts),
    stack: stackRecipe(parts),
    tuned: tunedRecipe(parts),
    selected: selectedRecipe(parts),
    ...jointRecipes,
    "fidelity-input": fidelityRecipe(partsOf(basic)),
    ...transferRecipes(basic),
  } satisfies Catalog<LearnerRecipe>);
}

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

/** What is made of one other learner: its name, the usual one when left out, its options, and options of its own. */
function nested<T extends object>(what: string, options: Options, checks: Readonly<Record<keyof T, OptionCheck>>, usual = "extra-trees"): Required<Written> & Partial<T> {
  const { learner = usual, options: own = {}, ...others } = checked<Partial<Written & T>>(what, options, { ...WRITTEN, ...checks });
  return { learner, options: own, ...others } as Required<Written> & Partial<T>;
}

/** Members of a bagged ensemble when nothing is said. */
const ENSEMBLE_SIZE = 10;

function ensembleRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options) => nested<{ readonly size: number }>("ensemble", options, { size: whole(1) }, "linear");
  return {
    about: "bagged ensemble of one of the others (options learner, options; linear by default), the mixture of its members",
    make: (options) => {
      const { size = ENSEMBLE_SIZE, ...inner } = read(options);
      return ensemble({ learner: make("an ensemble", inner), size });
    },
    needs: (options) => {
      const { size = ENSEMBLE_SIZE, ...inner } = read(options);
      const each = needs("an ensemble", inner);
      return needsOfAll(Array.from({ length: size }, () => each));
    },
  };
}

type HurdleParts = Pick<HurdleOptions, "scale"> & Readonly<Record<"numbers" | "classes", Written>>;

const PART = option("a learner: { learner: forest }", innerOptions);
const HURDLE = { numbers: PART, classes: PART, scale: oneOf("linear", "sqrt", "log") };
const HURDLE_NUMBERS: Written = { learner: "extra-trees", options: { rowShare: 0.95, minLeaf: 1, featureShare: 0.5 } };
const HURDLE_CLASSES: Written = { learner: "extra-trees", options: { rowShare: 0.95, criterion: "entropy", featureShare: 0.5 } };

function hurdleRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options): HurdleParts => {
    const { numbers = HURDLE_NUMBERS, classes = HURDLE_CLASSES, ...scale } = checked<Partial<HurdleParts>>("hurdle", options, HURDLE);
    return { ...scale, numbers: memberOf("the numbers of hurdle", "numbers", numbers, WRITTEN), classes: memberOf("the classes of hurdle", "classes", classes, WRITTEN) };
  };
  return {
    about: "for numbers of which many share the least value, such as gaps of zero: one learner (option classes) tells these from the others, another (option numbers) learns the others on a scale of their own (linear, sqrt or log); the prediction is a law with a heap",
    make: (options) => {
      const { numbers, classes, ...scale } = read(options);
      return hurdle({ numbers: make("hurdle", numbers, "numbers"), classes: make("hurdle", classes, "classes"), ...scale });
    },
    needs: (options) => {
      const own = read(options);
      const [numbers, classes] = [needs("hurdle", own.numbers), needs("hurdle", own.classes)];
      return { ...needsOfAll([numbers, classes]), numbers: numbers.numbers && classes.classes, classes: false };
    },
  };
}

/** A member of a pool. */
interface Pooled extends Written {
  readonly blocks?: readonly string[];
}

const POOLED = { ...WRITTEN, blocks: option("a list of names of descriptors", (v) => Array.isArray(v) && v.every((block) => typeof block === "string")) };
const POOL: readonly Pooled[] = [
  { learner: "extra-trees", options: { criterion: "entropy", featureShare: 1, rowShare: 0.95 } },
  { learner: "forest", options: { criterion: "entropy", featureShare: 0.2, rowShare: 0.9 } },
];

function poolRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options): readonly Pooled[] => {
    const { members = POOL } = checked<{ readonly members?: readonly Pooled[] }>("pool", options, { members: learnerList });
    return members.map((written, i) => memberOf<Pooled>("a pool's member", `members.${i}`, written, POOLED));
  };
  return {
    about: "several of the others (option members: learner, its options, and the blocks of features it sees), their predictions mixed in equal parts; by default extra-trees and a forest, both by entropy",
    make: (options) => pool({ members: read(options).map((one, i) => ({ learner: make("a pool", one, `members.${i}`), ...(one.blocks && { blocks: one.blocks }) })) }),
    needs: (options) => needsOfAll(read(options).map((one) => needs("a pool", one))),
  };
}

/** A member of a stack, as a study or the choice of learners writes it. */
interface Stacked extends Written {
  readonly weight?: number;
  readonly factor?: number;
}

const STACKED = { ...WRITTEN, weight: least(0), factor: positive };
const STACK: readonly Stacked[] = [{ learner: "extra-trees" }, { learner: "boosting" }];
/** Inner folds of a stack when nothing is said. */
const STACK_FOLDS = 5;

function stackRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options): { readonly members: readonly Stacked[]; readonly folds: number } => {
    const { members = STACK, folds = STACK_FOLDS } = checked<{ readonly members?: readonly Stacked[]; readonly folds?: number }>("stack", options, { members: learnerList, folds: whole(2) });
    return { members: members.map((written, i) => memberOf<Stacked>("a stack's member", `members.${i}`, written, STACKED)), folds };
  };
  return {
    about: "several of the others (option members: learner, its options) in a mixture whose weights are found on inner folds; by default extra-trees and boosting",
    make: (options) => {
      const { members, folds } = read(options);
      return stack({ members: members.map(({ learner, options: own, ...mixing }, i) => ({ learner: make("a stack", { learner, ...(own && { options: own }) }, `members.${i}`), ...mixing })), folds });
    },
    needs: (options) => {
      const { members, folds } = read(options);
      const each = needsOfAll(members.map((one) => needs("a stack", one)));
      const fits = members.every(({ weight }) => weight !== undefined) ? 1 : folds + 1;
      return { ...each, seconds: (n, d) => fits * each.seconds(n, d) };
    },
  };
}

/** Forecast seconds that the search of one fit takes when nothing is said. */
const TUNE_SECONDS = 30;

function tunedRecipe({ recipe, needs }: Parts): LearnerRecipe {
  const read = (options: Options) => nested<{ readonly seconds: number }>("tuned", options, { seconds: least(0) });
  return {
    about: "one of the others (options learner, options; extra-trees by default) with the options that a search under a budget (seconds, of each fit) finds best on inner folds",
    make: (options) => {
      const { learner, options: own, seconds = TUNE_SECONDS } = read(options);
      const { make, needs: needsOf, space = {} } = recipe("tuned", learner);
      return tuned({ name: learner, make: (setting) => within("options", () => make(setting)), space, options: own, budget: seconds, seconds: (n, d, setting) => needsOf(setting).seconds(n, d) });
    },
    needs: (options) => {
      const { seconds = TUNE_SECONDS, ...inner } = read(options);
      const last = needs("tuned", inner);
      return { ...last, seconds: (n, d) => seconds + last.seconds(n, d) };
    },
  };
}

/** Features that are kept when nothing is said. */
const SELECT_FEATURES = 100;

/** Seconds of reading relevance and redundancy of features, roughly. */
const selectionSeconds = (n: number, d: number, kept: number): number => Math.min(n, 5000) * d * (1e-7 + 1e-9 * Math.min(kept, d));

function selectedRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options) => nested<{ readonly features: number }>("selected", options, { features: whole(1) });
  return {
    about: "one of the others (options learner, options; extra-trees by default) on those features (option features: how many) that have to do with the property and do not repeat each other",
    make: (options) => {
      const { features = SELECT_FEATURES, ...inner } = read(options);
      return selected({ learner: make("selected", inner), features, blocks: needs("selected", inner).blocks ?? [] });
    },
    needs: (options) => {
      const { features = SELECT_FEATURES, ...inner } = read(options);
      const own = needs("selected", inner);
      return { ...own, seconds: (n, d) => selectionSeconds(n, d, features) + own.seconds(n, Math.min(d, features)), bytes: (n, d) => 16 * n * d + own.bytes(n, Math.min(d, features)) };
    },
  };
}

function fidelityRecipe({ make, needs }: Parts): LearnerRecipe {
  const read = (options: Options) => nested("fidelity-input", options, {}, "gp");
  return {
    about: "one of the others (option learner, with its options) of several columns at once, told by an input which one is asked for: many simulations beside few measurements, around a network for instance",
    make: (options) => fidelityInput(make("fidelity-input", read(options))),
    needs: (options) => {
      const own = needs("fidelity-input", read(options));
      // Twice the rows: the forecast does not see the other columns.
      return { ...own, classes: false, mostRows: Math.floor(own.mostRows / 2), seconds: (n, d) => own.seconds(2 * n, d + 1), bytes: (n, d) => 16 * n * d + own.bytes(2 * n, d + 1) };
    },
  };
}
