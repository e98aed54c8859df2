/* What a study is told of options that no learner has. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { recipes } from "../../src/learn/catalogue.ts";

const faultOf = (make: () => unknown): InputError => {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error("nothing is refused");
};
const MEMBERS = "members.0.options";

describe("a bad option is told by its name, its value, what would be right, and its whole path", () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ["forest", { tree: 5 }, "tree", 'unknown option of forest: "tree" — did you mean "trees"?'],
    ["forest", { trees: "many" }, "trees", 'bad option of forest: trees = "many" — a whole number ≥ 1'],
    ["forest", { featureShare: 2 }, "featureShare", "bad option of forest: featureShare = 2 — a number > 0 and ≤ 1"],
    ["gp", { combine: "products" }, "combine", 'bad option of gp: combine = "products" — did you mean "product"?'],
    ["gp", { combine: "x" }, "combine", 'bad option of gp: combine = "x" — there are sum, product'],
    ["stack", { members: 5 }, "members", "bad option of stack: members = 5 — a list of learners: [{ learner: linear }, { learner: forest, options: { trees: 100 } }]"],
    ["stack", { members: ["forest"] }, "members.0", "no options of a stack's member: \"forest\" — by name, of learner, options, weight, factor (options.members.0)"],
    ["stack", { members: [{ learner: "linear" }, { options: {} }] }, "members.1", "no learner in a stack's member: {\"options\":{}} — name it, { learner: forest } (options.members.1)"],
    ["stack", { members: [{ learner: "forst" }] }, "members.0.learner", 'unknown learner of a stack: "forst" — did you mean "forest"? (options.members.0.learner)'],
    ["pool", { members: [{ learner: "forest", options: { trees: -1 } }] }, `${MEMBERS}.trees`, `bad option of forest: trees = -1 — a whole number ≥ 1 (options.${MEMBERS}.trees)`],
    ["stack", { members: [{ learner: "pool", options: { members: [{ learner: "gp", options: { combin: "sum" } }] } }] }, `${MEMBERS}.${MEMBERS}.combin`, `unknown option of gp: "combin" — did you mean "combine"? (options.${MEMBERS}.${MEMBERS}.combin)`],
    ["tuned", { learner: "gp", options: { smothness: "3/2" } }, "options.smothness", 'unknown option of gp: "smothness" — did you mean "smoothness"? (options.options.smothness)'],
    ["selected", { learner: "gp", options: { subset: 1 } }, "options.subset", "bad option of gp: subset = 1 — a whole number ≥ 10 (options.options.subset)"],
    ["hurdle", { numbers: { learner: "gp", options: { subset: 1 } } }, "numbers.options.subset", "bad option of gp: subset = 1 — a whole number ≥ 10 (options.numbers.options.subset)"],
    ["hurdle", { classes: { learner: "forrest" } }, "classes.learner", 'unknown learner of hurdle: "forrest" — did you mean "forest"? (options.classes.learner)'],
    ["transfer", { methods: ["addditive"] }, "methods", 'bad option of transfer: methods = ["addditive"] — did you mean "additive"?'],
    ["transfer", { learner: "gp", options: { restarts: 0 } }, "options.restarts", "bad option of gp: restarts = 0 — a whole number ≥ 1 (options.options.restarts)"],
  ])("%s %j", (name, options, path, message) => {
    const { message: told, path: at } = faultOf(() => recipes[name].make(options));
    expect(told).toBe(message);
    expect(at).toBe(`learn.options.${path}`);
  });
});
