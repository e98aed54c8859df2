import { expect, test } from "vitest";
import { learnSpec } from "../../src/catalogue/learnSpec.ts";
import { studySchemas } from "../../src/schema/study.ts";

const learn = (more: object) => studySchemas.fit.parse({ study: "fit", domain: "molecule", data: { table: "t.csv", properties: { y: {} } }, learn: { model: "forest", folds: 4, tune: { seconds: 100 }, splits: [], ...more } }).learn;
const each = (more: object, properties = 1) => Number(learnSpec(learn(more), { properties: properties, transferred: false, networks: false }).candidates[0]!.options!["seconds"]);

test("all fits share the seconds of a search: folds, the last one, the learning curve, intervals and the splits that are named", () => {
  // Four folds, the last fit, four points of the learning curve.
  expect(each({})).toBeCloseTo(100 / 9, 12);
  expect(each({}, 2)).toBeCloseTo(100 / 18, 12);
  expect(each({ intervals: { method: "cv+" } })).toBeCloseTo(100 / 13, 12);
  expect(each({ intervals: { method: "split" } })).toBeCloseTo(100 / 10, 12);
  expect(each({ splits: ["random", "sorted", "element"] })).toBeCloseTo(100 / (9 + 4 + 2 + 10), 12);
});
