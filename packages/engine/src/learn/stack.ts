/*
 * A stack: several learners in one mixture, each weighted by what it is worth on rows that it has not seen (the super
 * learner, van der Laan, Polley & Hubbard 2007, doi 10.2202/1544-6115.1309). Inner folds of the training rows, whole
 * groups in each, give the predictions that the weights are found from; the members are then fitted to all rows.
 */
import { InputError } from "../base/errors.ts";
import { type Context, pause, under } from "../base/context.ts";
import { type Key, fold, split } from "../base/key.ts";
import type { Table, Targets } from "../data/types.ts";
import { innerFolds } from "./innerFolds.ts";
import { checkTargets, knownRows, takeRows, takeTarget } from "./inputs.ts";
import { inThisThread } from "./jobs.ts";
import { mixedModel } from "./mixed.ts";
import { joinColumns } from "./multi.ts";
import { crossValidate } from "./outOfFold.ts";
import { stackWeights } from "./stackWeights.ts";
import type { Learner, Model } from "./types.ts";

export interface StackMember {
  readonly learner: Learner;
  /** Its part of the mixture, and what its standard deviations are multiplied by, where they are known already. */
  readonly weight?: number;
  readonly factor?: number;
}

export interface StackOptions {
  /** At least one. All have weights, and no inner folds are needed, or none has. */
  readonly members: readonly StackMember[];
  /** Inner folds; default 5. */
  readonly folds?: number;
}

const described = ({ learner, weight }: StackMember): string => (weight === undefined ? learner.id : `${weight.toFixed(2)} × ${learner.id}`);

/** The learner. Throws InputError when there is no member, or only some have weights. */
export function stack({ members, folds = 5 }: StackOptions): Learner {
  if (members.length === 0) throw new InputError("a stack without members — name at least one learner", { path: "learn.options.members", value: 0 });
  const given = members.filter(({ weight }) => weight !== undefined).length;
  if (given !== 0 && given !== members.length) throw new InputError(`a stack in which ${given} of ${members.length} members have weights — all have one, or none`, { path: "learn.options.members", value: given });
  if (members.some(({ weight = 1, factor = 1 }) => !(weight >= 0 && factor > 0)) || (given > 0 && !(members.reduce((sum, { weight }) => sum + weight!, 0) > 0))) throw new InputError("bad weights of a stack — weights are ≥ 0 with a positive sum, factors > 0", { path: "learn.options.members" });
  if (!(Number.isSafeInteger(folds) && folds >= 2)) throw new InputError(`bad number of a stack's folds: ${folds} — a whole number ≥ 2`, { path: "learn.options.folds", value: folds });
  const id = `stack(${members.map(described).join(", ")})`;
  return {
    id,
    acceptsMissing: members.every(({ learner }) => learner.acceptsMissing),
    complexity: Math.max(...members.map(({ learner }) => learner.complexity)) + 2,
    needed: members.flatMap(({ learner }) => learner.needed ?? []),
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitColumn(id, members, folds, x, y, j, fold(key, y.columns[j].name), under(ctx, y.columns[j].name)));
      return joinColumns(id, models);
    },
  };
}

async function fitColumn(id: string, members: readonly StackMember[], folds: number, whole: Table, all: Targets, column: number, key: Key, ctx: Context): Promise<Model> {
  const known = knownRows(all, column);
  const [x, y] = [takeRows(whole, known), takeTarget(all, column, known)];
  if (known.length < 2) throw new InputError(`too few values of "${y.columns[0].name}": ${known.length} — a stack needs at least 2`, { path: y.columns[0].name, value: known.length });
  const [foldKey, innerKey, fitKey] = split(key, 3);
  const { weights, factors } = members[0].weight === undefined ? await weigh(members, innerFolds(foldKey, x, y, folds), x, y, innerKey, ctx) : givenMixing(members);
  const kept = Array.from(members.keys()).filter((k) => weights[k] > 0);
  const models: Model[] = [];
  for (const k of kept) {
    await pause(ctx);
    models.push(await members[k].learner.fit(x, y, fold(fitKey, k), under(ctx, `member ${k + 1} of ${members.length}`)));
  }
  return mixedModel("stack", id, models, { weights: kept.map((k) => weights[k]), factors: kept.map((k) => factors[k]) });
}

function givenMixing(members: readonly StackMember[]): ReturnType<typeof stackWeights> {
  const total = members.reduce((sum, { weight }) => sum + weight!, 0);
  return { weights: members.map(({ weight }) => weight! / total), factors: members.map(({ factor = 1 }) => factor) };
}

async function weigh(members: readonly StackMember[], folds: ReturnType<typeof innerFolds>, x: Table, y: Targets, key: Key, ctx: Context): Promise<ReturnType<typeof stackWeights>> {
  const catalog = Object.fromEntries(members.map(({ learner }, k) => [String(k), () => learner]));
  const oofs = [];
  for (const k of members.keys()) oofs.push(await crossValidate({ learner: { name: String(k) }, x, y, column: 0, folds }, inThisThread(catalog), fold(key, k), under(ctx, `weigh ${k + 1} of ${members.length}`)));
  const { weights } = y;
  return stackWeights(oofs, weights && Float64Array.from(oofs[0].rows, (i) => weights[i]));
}
