import { describe, test } from "vitest";
import { learners, reviveModel } from "../../../src/learn/catalogue.ts";
import { affine } from "../../../src/learn/transfer/affine.ts";
import { affineLinear } from "../../../src/learn/transfer/affineLinear.ts";
import { linear } from "../../../src/learn/bayesianLinear.ts";
import { tauRho } from "../../../src/learn/transfer/tauRho.ts";
import { checkLearner } from "../../../src/testing/learner.ts";
import type { LearnerCheck } from "../../../src/testing/learner.ts";

const make = (name: string, options: Readonly<Record<string, unknown>> = {}) => learners[name]!(options);

/** Rows with twins of other names: penalties are then chosen with a twin in sight, and rows without one are further away than any that was left out. */
const twins = [{ check: "repeated measurements shrink the spread", reason: "penalties are chosen by folds that hold twins of what is left out" }];

const cases: Readonly<Record<string, Omit<LearnerCheck, "revive">>> = {
  "kernel ridge regression": { learner: make("kernel-ridge") },
  "affine, additive": { learner: make("transfer", { method: "additive" }) },
  "affine, full": { learner: affine({ restarts: 1, folds: 3 }), rows: 24, skip: twins },
  "affine, without a shift": { learner: affine({ variant: "no-shift", restarts: 1, folds: 3 }), rows: 24, skip: twins },
  "affine, linear": { learner: make("transfer", { method: "affine-linear" }), rows: 30, skip: twins },
  "affine, linear and fused": { learner: affineLinear({ trends: [0.5] }), rows: 30, skip: twins },
  "difference": { learner: make("transfer", { method: "difference" }) },
  "tau-rho around a smoother": { learner: make("transfer", { method: "tau-rho" }) },
  "tau-rho around another learner": { learner: tauRho({ learner: linear(), folds: 3 }), rows: 30, tolerance: 1e-4 },
  "hypothesis, offset": { learner: make("transfer", { method: "htl-offset" }) },
  "hypothesis, scale": { learner: make("transfer", { method: "htl-scale" }), skip: twins },
  "the automatic choice": { learner: make("transfer", { methods: ["none", "source", "augmented", "additive", "difference"], repeats: 1, folds: 4 }), rows: 30 },
};

describe.each(Object.entries(cases))("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, lastBlock: "source:other", revive: reviveModel })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});
