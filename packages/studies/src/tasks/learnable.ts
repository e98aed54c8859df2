/* What no learner could learn, and folds that cannot be filled: told by the table before a material is read, and again when duplicates are merged. */
import { InputError, key } from "@tatara/engine/base";
import { groupFolds, type Targets } from "@tatara/engine/data";
import { checkColumn } from "@tatara/engine/learn";
import type { Problem } from "../schema/check.ts";
import type { Study } from "../schema/study.ts";
import { problem } from "./problems.ts";

interface Measured {
  readonly targets: Targets;
  /** How many different ones there are, or at most are. */
  readonly materials: number;
  /** Values of the group column, where there is one. */
  readonly groups: readonly string[] | undefined;
}

/** Problems of a study that learns; one with a finished model does not. */
export function learnProblems(study: Study, { targets, materials, groups }: Measured): readonly Problem[] {
  if ("model" in study && study.model !== undefined) return [];
  const { folds, split } = study.learn;
  const few = problem(["learn", "folds"], () => refuseFew(materials, folds));
  return [
    ...targets.columns.flatMap(({ name }, j) => problem(["data", "properties", name], () => checkColumn(targets, j))),
    ...few,
    ...(split === "group" && groups && few.length === 0 ? problem(["learn", "folds"], () => groupFolds(key(1), groups, { folds })) : []),
  ];
}

/** Throws InputError for fewer materials than folds. */
export function refuseFew(materials: number, folds: number): void {
  if (materials < folds) throw new InputError(`too few materials: ${materials} — ${folds} folds need at least as many, and a model at least 10`, { path: "learn.folds", value: materials });
}
