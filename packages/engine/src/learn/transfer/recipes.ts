/* Transfer as studies name it: the automatic choice, one of its methods alone, and kernel ridge regression. */
import { lookUp } from "../../base/errors.ts";
import type { Catalog } from "../../base/schema.ts";
import { WRITTEN, type Options, type WrittenLearner, checked, learnerList, memberOf, namesOf, oneOf, option, positive, whole, within } from "../options.ts";
import type { LearnerNeeds, LearnerRecipe } from "../select.ts";
import type { Reviver } from "../types.ts";
import { reviveAffineLinear } from "./affineLinear.ts";
import { reviveScale } from "./hypothesis.ts";
import { reviveKernel } from "./kernelModel.ts";
import { KERNEL_MOST_ROWS, kernelRidge, kernelSeconds } from "./kernelRidge.ts";
import { DEFAULT_METHODS, type TransferBase, transferMembers, transferMethods } from "./members.ts";
import { reviveTauRho } from "./tauRho.ts";
import { type NamedBase, shotgun } from "./shotgun.ts";
import { extractorRevivers, reviveSourced } from "./sources.ts";
import { NONE, PATIENCE, type TransferOptions, reviveTransfer, transfer } from "./transfer.ts";

const kernelNeeds: LearnerNeeds = { numbers: true, classes: false, mostRows: KERNEL_MOST_ROWS, seconds: kernelSeconds, bytes: (n, d) => 8 * (n * d + 5 * n * n) };

const kernelRecipe: LearnerRecipe = {
  about: "kernel ridge regression of fixed width, its penalty by exact leave-one-out errors; for tens of rows",
  make: (options) => {
    checked("kernel-ridge", options, {});
    return kernelRidge();
  },
  needs: () => kernelNeeds,
};

interface Written extends Omit<TransferOptions, "members" | "name" | "combine"> {
  readonly combine?: "average" | "best";
  readonly learner?: string;
  readonly options?: Options;
  readonly method?: string;
  readonly methods?: readonly string[];
  /** Learners that are compared beside the methods, and see all columns: networks that go on learning, for instance. */
  readonly members?: readonly WrittenLearner[];
}

const METHOD = oneOf(...Object.keys(transferMethods));
const TRANSFER = {
  ...WRITTEN,
  members: learnerList,
  method: METHOD,
  methods: option((v) => (Array.isArray(v) && v.length > 0 ? METHOD.right(v.find((name) => !METHOD(name))) : `a list of ${Object.keys(transferMethods).join(", ")}`), (v) => Array.isArray(v) && v.length > 0 && v.every(METHOD)),
  folds: whole(2),
  repeats: whole(1),
  combine: oneOf("average", "best"),
  patience: positive,
};

/** Around any of the recipes given. */
export function transferRecipes(basic: Catalog<LearnerRecipe>): Catalog<LearnerRecipe> {
  const bases: Catalog<LearnerRecipe> = { "kernel-ridge": kernelRecipe, ...basic };
  const baseOf = ({ learner = "kernel-ridge", options = {} }: Written): TransferBase => {
    const recipe = lookUp("learner of transfer", learner, bases, "learn.options.learner");
    return { learner: within("options", () => recipe.make(options)), needs: recipe.needs(options) };
  };
  const written = (options: Options): Written => checked<Written>("transfer", options, TRANSFER);
  const besideOf = ({ members = [] }: Written) =>
    members.map((one, i) => {
      const at = `members.${i}`;
      const { learner, options = {} } = memberOf("a member of transfer", at, one, WRITTEN);
      const recipe = within(at, () => lookUp("member of transfer", learner, bases, "learn.options.learner"));
      const same = members.slice(0, i).filter((other) => other.learner === learner).length;
      return { name: same === 0 ? learner : `${learner} ${same + 1}`, learner: within(`${at}.options`, () => recipe.make(options)), needs: recipe.needs(options) };
    });
  const membersOf = (own: Written) => [...transferMembers({ base: baseOf(own), ...(own.methods && { methods: own.methods }) }), ...besideOf(own)];
  return {
    "kernel-ridge": kernelRecipe,
    transfer: {
      about: `transfer from source columns (blocks "source:…"); methods ${DEFAULT_METHODS.join(", ")} around a learner, compared by repeated cross-validation, those that cannot be told apart averaged; option members puts other learners beside them (fine-tune); option method takes one alone`,
      make: (options) => {
        const { learner: _learner, options: _options, method, methods: _methods, members: _members, combine, ...rest } = written(options);
        if (method !== undefined) return transferMethods[method].make(baseOf(written(options)));
        return transfer({ ...rest, ...(combine && { combine: combine === "best" ? { top: 1 } : combine }), members: membersOf(written(options)) });
      },
      needs: (options) => {
        const { method, folds = 5, repeats = 2, patience = PATIENCE } = written(options);
        const base = baseOf(written(options));
        if (method !== undefined) return transferMethods[method].needs(base);
        const members = membersOf(written(options));
        const tried = (n: number, d: number) => members.filter(({ name, needs }) => name === NONE || (n <= needs.mostRows && needs.seconds(n, d) * folds * repeats <= patience)).map(({ needs }) => needs);
        return {
          numbers: true,
          classes: false,
          mostRows: base.needs.mostRows,
          seconds: (n, d) => tried(n, d).reduce((sum, needs) => sum + (folds * repeats + 1) * needs.seconds(n, d), 0),
          bytes: (n, d) => tried(n, d).reduce((sum, needs) => sum + needs.bytes(n, d), 0),
        };
      },
    },
    shotgun: shotgunRecipe(basic),
  };
}

interface Shot {
  readonly learners?: readonly string[];
  readonly top?: number;
  readonly folds?: number;
  readonly repeats?: number;
  readonly patience?: number;
}

const SHOTGUN = { learners: namesOf("learners"), top: whole(1), folds: whole(2), repeats: whole(1), patience: TRANSFER.patience };
const DEFAULT_SHOT = ["linear", "forest", "gp"];
/** Sources that a forecast counts with, because it does not see the table. */
const TYPICAL_SOURCES = 10;

function shotgunRecipe(basic: Catalog<LearnerRecipe>): LearnerRecipe {
  const written = (options: Options): Shot => checked<Shot>("shotgun", options, SHOTGUN);
  const basesOf = ({ learners = DEFAULT_SHOT }: Shot): readonly NamedBase[] =>
    learners.map((name) => {
      const recipe = lookUp("learner of shotgun", name, basic, "learn.options.learners");
      return { name, learner: recipe.make({}), needs: recipe.needs({}) };
    });
  return {
    about: "shotgun transfer: every source block by itself into each of some learners (option learners), ranked by cross-validation, the best few (option top) averaged",
    make: (options) => {
      const { learners: _learners, ...rest } = written(options);
      return shotgun({ ...rest, bases: basesOf(written(options)) });
    },
    needs: (options) => {
      const { folds = 5, repeats = 1, top = 3, patience = PATIENCE } = written(options);
      const needs = basesOf(written(options)).map((base) => base.needs);
      const fits = folds * repeats;
      // Each source has some of the columns; without any, the first learner sees those of the descriptors.
      const shots = (n: number, d: number) => needs.filter(({ mostRows, seconds }) => n <= mostRows && fits * seconds(n, d / TYPICAL_SOURCES) <= patience).map(({ seconds }) => seconds(n, d / TYPICAL_SOURCES));
      return {
        numbers: true,
        classes: false,
        // What takes fewer rows is not tried with more.
        mostRows: Math.max(...needs.map(({ mostRows }) => mostRows)),
        seconds: (n, d) => {
          const each = shots(n, d);
          return fits * (needs[0].seconds(n, d) + TYPICAL_SOURCES * each.reduce((sum, one) => sum + one, 0)) + top * Math.max(0, ...each);
        },
        bytes: (n, d) => Math.max(...needs.map(({ bytes }) => bytes(n, d))),
      };
    },
  };
}

/** Readers of the models of transfer. */
export const transferRevivers: Catalog<Reviver> = { "kernel-ridge": reviveKernel, "affine-linear": reviveAffineLinear, "tau-rho": reviveTauRho, "htl-scale": reviveScale, transfer: reviveTransfer, sourced: reviveSourced(extractorRevivers) };
