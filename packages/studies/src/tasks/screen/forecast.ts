/* What a screening will cost, before it runs: points counted, the rate measured on some of them. */
import type { Context } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import { coarsePoints } from "@tatara/engine/numeric";
import { reviveFitted } from "@tatara/engine/learn";
import { reviveModel } from "../../catalogue/learners.ts";
import type { ScreenStudy } from "../../schema/study.ts";
import { readModel } from "../predict.ts";
import { mixturesAt } from "./explore.ts";
import { jumpWarning } from "./jumps.ts";
import { screenPlan, type ScreenPlan } from "./plan.ts";

export interface ScreenForecast {
  readonly seconds: number;
  readonly lines: readonly string[];
  /** Whether the model is finished. */
  readonly finished: boolean;
}

/** Points that are described to measure a rate, after as many to warm up. */
const SAMPLE = 400;
/** Points asked beside the coarse grid's, as a share of those of the fine grid: what screenings of metals took. */
const REFINED = 0.05;
/** Seconds that a model which is yet to be learnt may take for a point: a forest of 200 trees. */
const USUAL = 6e-5;

export async function screenForecast(study: ScreenStudy, domain: Domain<unknown>, workers: number, ctx: Context): Promise<ScreenForecast> {
  const plan = screenPlan(study, domain);
  const { systems, coarse, lattice, forbidden } = plan;
  const extra = lattice.ratio === 1 ? 0 : Math.round(REFINED * lattice.grid.points);
  const points = systems.length * (coarse + extra);
  const perPoint = await rateOf(study, domain, plan, ctx);
  const seconds = (points * perPoint) / workers;
  const jumps = jumpWarning(systems[0]!, domain, study.represent!);
  return {
    seconds,
    finished: study.model !== undefined,
    lines: [
      `screen about ${Math.ceil(seconds)} s: ${systems.length} ${systems.length === 1 ? "system" : "systems"} of ${systems[0]!.parts.length} elements${forbidden > 0 ? ` (${forbidden} more are forbidden)` : ""}, ${coarse} points on the grid of each${lattice.ratio > 1 ? `, about ${coarse + extra} with refinement` : ""}: ${points} in all at ${(1e6 * perPoint).toFixed(0)} µs a point, ${workers} workers`,
      ...(jumps === undefined ? [] : [`warning: ${jumps}`]),
    ],
  };
}

/** Seconds for one point: mixed, described and predicted. */
async function rateOf(study: ScreenStudy, domain: Domain<unknown>, { systems, lattice }: ScreenPlan, ctx: Context): Promise<number> {
  const descriptors = chooseDescriptors(domain, study.represent!);
  const features = joinFeatures(descriptors);
  const [first] = systems;
  const all = coarsePoints(lattice.grid, lattice.ratio);
  const amounts = mixturesAt(first!, lattice, Array.from({ length: SAMPLE }, (_, i) => all[i % all.length]!));
  const data = new Float64Array(SAMPLE * features.length);
  const describe = () => {
    let at = 0;
    for (let i = 0; i < SAMPLE; i++) {
      const material = domain.mixing!.mix(first!.parts, amounts.subarray(i * first!.parts.length, (i + 1) * first!.parts.length));
      for (const descriptor of descriptors) descriptor.write(material, data.subarray(at, (at += descriptor.features.length)));
    }
  };
  const model = study.model === undefined ? undefined : reviveFitted((await readModel(study.model)).record, reviveModel);
  const work = async () => {
    describe();
    if (model) await model.inner.predict({ rows: SAMPLE, cols: features.length, data, features }, { ...ctx, report: () => {} });
  };
  await work();
  const started = ctx.now();
  await work();
  return Math.max(1e-7, (ctx.now() - started) / 1000 / SAMPLE) + (model ? 0 : USUAL);
}
