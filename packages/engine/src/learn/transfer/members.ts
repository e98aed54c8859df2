/* The members that the automatic choice of transfer compares, by name, with what each can do and takes. */
import { InputError, lookUp } from "../../base/errors.ts";
import type { Catalog } from "../../base/schema.ts";
import type { LearnerNeeds } from "../select.ts";
import type { Learner } from "../types.ts";
import { AFFINE_MOST_ROWS, affine, affineSeconds } from "./affine.ts";
import { AFFINE_LINEAR_MOST_ROWS, affineLinear, affineLinearSeconds } from "./affineLinear.ts";
import { hypothesisOffset, hypothesisScale } from "./hypothesis.ts";
import { KERNEL_MOST_ROWS, kernelSeconds } from "./kernelRidge.ts";
import { TAU_COUNT, isSmoother, tauRho } from "./tauRho.ts";
import type { TransferMember } from "./transfer.ts";
import { augmented, onSources, withoutSources } from "./views.ts";

/** What learns beside, on and with the source. */
export interface TransferBase {
  readonly learner: Learner;
  readonly needs: LearnerNeeds;
}

export interface TransferMethod {
  readonly about: string;
  make(base: TransferBase): Learner;
  needs(base: TransferBase): LearnerNeeds;
}

const around = (about: string, make: (learner: Learner) => Learner, fits: (learner: Learner) => number = () => 1): TransferMethod => ({
  about,
  make: ({ learner }) => make(learner),
  needs: ({ learner, needs }) => ({ ...needs, classes: false, seconds: (n, d) => fits(learner) * needs.seconds(n, d) }),
});

const ofKernels = (about: string, make: () => Learner, mostRows: number, seconds: LearnerNeeds["seconds"]): TransferMethod => ({
  about,
  make,
  needs: () => ({ numbers: true, classes: false, mostRows, seconds, bytes: (n, d) => 8 * (n * d + 8 * n * n) }),
});

/** `affine` and `htl` members bring kernel ridge regressions of their own. */
export const transferMethods: Catalog<TransferMethod> = {
  none: around("no transfer", withoutSources),
  source: around("the source columns alone", onSources),
  augmented: around("source columns beside the descriptors", augmented),
  additive: ofKernels("g₁(source) + g₃(x)", () => affine({ variant: "additive" }), AFFINE_MOST_ROWS, (n) => affineSeconds(n, { variant: "additive" })),
  full: ofKernels("g₁(source) + g₂(source) g₃(x)", () => affine(), AFFINE_MOST_ROWS, (n) => affineSeconds(n)),
  "no-shift": ofKernels("g₂(source) g₃(x)", () => affine({ variant: "no-shift" }), AFFINE_MOST_ROWS, (n) => affineSeconds(n)),
  "affine-linear": ofKernels("g₁(source) + g₂(source) g₃(x), all linear; one source column", () => affineLinear(), AFFINE_LINEAR_MOST_ROWS, affineLinearSeconds),
  difference: around("what the source leaves over", (learner) => tauRho({ learner, at: { tau: 1, rho: 1 }, name: "difference" }), () => 2),
  "tau-rho": around("the general class, τ and ρ chosen", (learner) => tauRho({ learner }), (learner) => (isSmoother(learner) ? 4 : 5 * TAU_COUNT + 2)),
  "htl-offset": ofKernels("what the source's regression leaves over", hypothesisOffset, KERNEL_MOST_ROWS, (n, d) => 2 * kernelSeconds(n, d)),
  "htl-scale": ofKernels("what the source's regression is multiplied by", hypothesisScale, KERNEL_MOST_ROWS, (n, d) => 2 * kernelSeconds(n, d)),
};

export const DEFAULT_METHODS: readonly string[] = ["none", "source", "augmented", "additive", "full", "difference", "tau-rho", "htl-offset"];

export interface MembersOptions {
  readonly base: TransferBase;
  /** Names of methods; `none` is always among them. */
  readonly methods?: readonly string[];
}

export function transferMembers({ base, methods = DEFAULT_METHODS }: MembersOptions): readonly (TransferMember & { readonly needs: LearnerNeeds })[] {
  if (methods.length === 0) throw new InputError("no method of transfer: 0 names — name at least one", { path: "learn.options.methods" });
  const names = methods.includes("none") ? methods : ["none", ...methods];
  return names.map((name) => {
    const method = lookUp("method of transfer", name, transferMethods, "learn.options.methods");
    return { name, learner: method.make(base), needs: method.needs(base) };
  });
}
