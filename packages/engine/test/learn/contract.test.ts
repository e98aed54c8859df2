import { describe, test } from "vitest";
import { linear } from "../../src/learn/bayesianLinear.ts";
import { calibrated } from "../../src/learn/calibrated.ts";
import { reviveModel } from "../../src/learn/catalogue.ts";
import { gp } from "../../src/learn/gp/gp.ts";
import type { Learner } from "../../src/learn/types.ts";
import { checkLearner } from "../../src/testing/learner.ts";
import type { LearnerCheck } from "../../src/testing/learner.ts";

const stretched = (inner: Learner): Learner => ({
  ...inner,
  fit: async (x, y, key, ctx) => calibrated(await inner.fit(x, y, key, ctx), { kind: "number", factor: 1.3, df: 4 }),
});

const cases: Readonly<Record<string, Omit<LearnerCheck, "revive">>> = {
  "linear, more features than rows": { learner: linear(), rows: 14, tolerance: 1e-4 },
  "linear, more rows than features": { learner: linear() },
  "linear, precisions from a subset": { learner: linear({ subset: 12 }), skip: [{ check: "a whole weight is a number of copies", reason: "copies have names of their own in the sample that precisions are fitted on" }] },
  "gp, sum of kernels": { learner: gp() },
  "gp, product of kernels": { learner: gp({ combine: "product", smoothness: "3/2", restarts: 1 }) },
  "a calibrated model": { learner: stretched(linear()) },
};

describe.each(Object.entries(cases))("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, revive: reviveModel })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});
