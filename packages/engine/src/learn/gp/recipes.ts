/* Gaussian processes as studies name them. */
import type { Catalog } from "../../base/schema.ts";
import { checked, namesOf, oneOf, whole } from "../options.ts";
import type { LearnerRecipe } from "../select.ts";
import { type FidelityOptions, fidelityGp } from "./fidelity.ts";
import { GP_MOST_ROWS, type GpOptions, gp, gpMemory, gpSeconds } from "./gp.ts";
import { MULTI_TASK_MOST, type MultiTaskOptions, multiTaskGp, multiTaskSeconds } from "./multiTask.ts";

const KERNEL = { combine: oneOf("sum", "product"), smoothness: oneOf("1/2", "3/2", "5/2"), subset: whole(10), restarts: whole(1), iterations: whole(1) };

export const gpRecipe: LearnerRecipe = {
  about: "Gaussian process: Tanimoto kernels on counts, ARD Matérn on real features; noise: varying lets the noise depend on them too",
  make: (options) => gp(checked<GpOptions>("gp", options, { ...KERNEL, noise: oneOf("constant", "varying") })),
  space: { combine: { values: ["sum", "product"] }, smoothness: { values: ["1/2", "3/2", "5/2"] }, noise: { values: ["constant", "varying"] } },
  needs: (options) => ({ numbers: true, classes: false, mostRows: GP_MOST_ROWS, seconds: (n, d) => gpSeconds(n, d, options as GpOptions), bytes: (n, d) => 8 * n * d + gpMemory(n, 1) }),
};

const JOINT = { ...KERNEL, order: namesOf("properties") };

/** They learn several columns at once, so `auto`, which chooses for one at a time, leaves them out. */
export const jointRecipes: Catalog<LearnerRecipe> = {
  "multi-task-gp": {
    about: "Gaussian process of several columns at once, each row measured for some of them (structure: intrinsic, linear, or autoregressive for fidelities from low to high)",
    make: (options) => multiTaskGp(checked<MultiTaskOptions>("multi-task-gp", options, { ...JOINT, structure: oneOf("intrinsic", "linear", "autoregressive") })),
    // Twice the rows: the forecast does not see the other columns.
    needs: (options) => ({ numbers: true, classes: false, mostRows: MULTI_TASK_MOST, seconds: (n, d) => multiTaskSeconds(Math.min(MULTI_TASK_MOST, 2 * n), d, options as MultiTaskOptions), bytes: (n, d) => 8 * 2 * n * d + gpMemory(Math.min(MULTI_TASK_MOST, 2 * n), 2) }),
  },
  "fidelity-gp": {
    about: "Gaussian processes of several fidelities one upon the other (option order: columns from low to high): recursive Kennedy-O'Hagan, for many simulations beside few measurements",
    make: (options) => fidelityGp(checked<FidelityOptions>("fidelity-gp", options, JOINT)),
    needs: () => ({ numbers: true, classes: false, mostRows: GP_MOST_ROWS, seconds: (n, d) => 2 * gpSeconds(n, d), bytes: (n, d) => 8 * n * d + gpMemory(n, 1) }),
  },
};
