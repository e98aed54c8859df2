import { describe, test } from "vitest";
import { linear } from "../../src/learn/bayesianLinear.ts";
import { boosting } from "../../src/learn/boosting/boosting.ts";
import { calibrated } from "../../src/learn/calibrated.ts";
import { learners, reviveModel } from "../../src/learn/catalogue.ts";
import { ensemble } from "../../src/learn/ensemble.ts";
import { extraTrees, forest } from "../../src/learn/forest/forest.ts";
import { hurdle } from "../../src/learn/hurdle.ts";
import { gp } from "../../src/learn/gp/gp.ts";
import { pool } from "../../src/learn/pool.ts";
import { selected } from "../../src/learn/selected.ts";
import { stack } from "../../src/learn/stack.ts";
import type { Learner } from "../../src/learn/types.ts";
import { checkLearner } from "../../src/testing/learner.ts";
import type { LearnerCheck } from "../../src/testing/learner.ts";

const stretched = (inner: Learner): Learner => ({
  ...inner,
  fit: async (x, y, key, ctx) => calibrated(await inner.fit(x, y, key, ctx), { kind: "number", factor: 1.3, df: 4 }),
});

/** The lower third of the values in one heap. */
const heaped = (inner: Learner): Learner => ({
  ...inner,
  fit: (x, y, key, ctx) => inner.fit(x, { ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.map((v) => Math.max(v, lowerThird(c.values))) } : c)) }, key, ctx),
});
/** Of different values, so that copies move it nowhere. */
const lowerThird = (values: Float64Array): number => {
  const known = [...new Set(values.filter((v) => !Number.isNaN(v)))].sort((a, b) => a - b);
  return known[Math.floor(known.length / 3)]!;
};

/** Bags are drawn by row, so that copies are in or out of a bag one by one and a heavy row as a whole. */
const drawn = [{ check: "a whole weight is a number of copies", reason: "rows are drawn into bags, and a heavy row is one row" }];

const cases: Readonly<Record<string, Omit<LearnerCheck, "revive">>> = {
  "linear, more features than rows": { learner: linear(), rows: 14, tolerance: 1e-4 },
  "linear, more rows than features": { learner: linear() },
  "linear, precisions from a subset": { learner: linear({ subset: 12 }), skip: [{ check: "a whole weight is a number of copies", reason: "copies have names of their own in the sample that precisions are fitted on" }] },
  "gp, sum of kernels": { learner: gp() },
  "gp, product of kernels": { learner: gp({ combine: "product", smoothness: "3/2", restarts: 1 }) },
  "forest, numbers": { learner: forest({ trees: 30 }), skip: drawn },
  "forest, classes": { learner: forest({ trees: 30 }), kind: "category", skip: drawn },
  "extra-trees, numbers": { learner: extraTrees({ trees: 30 }), skip: drawn },
  "extra-trees, classes": { learner: extraTrees({ trees: 30 }), kind: "category", skip: drawn },
  "extra-trees, classes by entropy": { learner: extraTrees({ trees: 30, criterion: "entropy", rowShare: 0.9, featureShare: 0.6 }), kind: "category", skip: drawn },
  "boosting, numbers": { learner: boosting({ rounds: 40 }), skip: drawn },
  "boosting, numbers by quantiles": { learner: boosting({ rounds: 40, loss: "quantile" }), skip: drawn },
  "boosting, classes": { learner: boosting({ rounds: 40 }), kind: "category", skip: drawn },
  "an ensemble": { learner: ensemble({ learner: linear(), size: 4 }), skip: drawn },
  "a pool, numbers": { learner: pool({ members: [{ learner: linear(), blocks: ["reals"] }, { learner: forest({ trees: 20 }) }] }), skip: drawn, tolerance: 1e-4 },
  "a pool, classes": { learner: pool({ members: [{ learner: extraTrees({ trees: 20 }), blocks: ["counts", "reals"] }, { learner: forest({ trees: 20 }) }] }), kind: "category", skip: drawn },
  "a stack, numbers": { learner: stack({ members: [{ learner: linear() }, { learner: forest({ trees: 20 }) }], folds: 3 }), skip: drawn, tolerance: 1e-4 },
  "a stack, classes": { learner: stack({ members: [{ learner: extraTrees({ trees: 20 }) }, { learner: forest({ trees: 20 }) }], folds: 3 }), kind: "category", skip: drawn },
  "a tuned forest, numbers": { learner: learners["tuned"]!({ learner: "forest", options: { trees: 30 }, seconds: 0.05 }), skip: drawn },
  "a tuned forest, classes": { learner: learners["tuned"]!({ learner: "extra-trees", options: { trees: 30 }, seconds: 0.05 }), kind: "category", skip: drawn },
  "selected features, numbers": { learner: selected({ learner: linear(), features: 6 }), tolerance: 1e-4, skip: [{ check: "a whole weight is a number of copies", reason: "features are judged by rows, of whatever weight" }] },
  "selected features, classes": { learner: selected({ learner: forest({ trees: 20 }), features: 6 }), kind: "category", skip: drawn },
  "a hurdle over a heap, square roots": { learner: heaped(hurdle({ numbers: linear(), classes: forest({ trees: 20 }) })), skip: [...drawn, { check: "a row of weight zero is left out", reason: "the heap is made of all rows here" }, { check: "repeated measurements shrink the spread", reason: "the trees that tell the heap do not" }], tolerance: 1e-4 },
  "a hurdle over a heap, logarithms": { learner: heaped(hurdle({ numbers: forest({ trees: 20 }), classes: forest({ trees: 20 }), scale: "log" })), skip: [...drawn, { check: "a row of weight zero is left out", reason: "the heap is made of all rows here" }], tolerance: 1e-4 },
  "a hurdle where there is no heap": { learner: hurdle({ numbers: linear(), classes: forest({ trees: 20 }), scale: "linear" }), skip: [], tolerance: 1e-4 },
  "a calibrated model": { learner: stretched(linear()) },
};

describe.each(Object.entries(cases))("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, revive: reviveModel })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});
