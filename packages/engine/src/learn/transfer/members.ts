/* The members that the automatic choice of transfer compares, by name. */
import { InputError, lookUp } from "../../base/errors.ts";
import type { Catalog } from "../../base/schema.ts";
import type { Learner } from "../types.ts";
import { affine } from "./affine.ts";
import { hypothesisOffset, hypothesisScale } from "./hypothesis.ts";
import { kernelRidge } from "./kernelRidge.ts";
import { tauRho } from "./tauRho.ts";
import type { TransferMember } from "./transfer.ts";
import { augmented, onSources, withoutSources } from "./views.ts";

export interface MembersOptions {
  /** What learns beside, on and with the source; kernel ridge regression by default. */
  readonly learner?: Learner;
  /** Names of members; `none` is always among them. */
  readonly methods?: readonly string[];
}

/** How each member is made around a learner; `affine` and `htl` members bring kernel ridge regressions of their own. */
export const transferMethods: Catalog<(learner: Learner) => Learner> = {
  none: withoutSources,
  source: onSources,
  augmented,
  additive: () => affine({ variant: "additive" }),
  full: () => affine(),
  difference: (learner) => tauRho({ learner, at: { tau: 1, rho: 1 }, name: "difference" }),
  "tau-rho": (learner) => tauRho({ learner }),
  "htl-offset": hypothesisOffset,
  "htl-scale": hypothesisScale,
};

export const DEFAULT_METHODS: readonly string[] = ["none", "source", "augmented", "additive", "full", "difference", "tau-rho", "htl-offset"];

export function transferMembers({ learner = kernelRidge(), methods = DEFAULT_METHODS }: MembersOptions): readonly TransferMember[] {
  if (methods.length === 0) throw new InputError("no method of transfer: 0 names — name at least one", { path: "learn.options.methods" });
  const names = methods.includes("none") ? methods : ["none", ...methods];
  return names.map((name) => ({ name, learner: lookUp("method of transfer", name, transferMethods, "learn.options.methods")(learner) }));
}
