/*
 * `study: curves`: how the error falls with the number of training rows, with transfer and without. Every repeat holds out a fold
 * of its own and draws training rows anew; all ways learn from the same rows. A finished repeat is kept in the run directory.
 */
import { fold, key, under, type Context, type Key } from "@tatara/engine/base";
import { foldTrials, type Table, type Targets } from "@tatara/engine/data";
import { appendSources, asLearnt, compareCurves, trialCurves, type ComparedCurve, type CurveWay, type RunJobs, type TrialCurves } from "@tatara/engine/learn";
import { openCrew } from "../../executors/crew.ts";
import { openLearning, shareTable } from "../../executors/learning.ts";
import { processors } from "../../executors/workers.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import type { Recorder } from "../../runs/recorder.ts";
import type { CurvesStudy } from "../../schema/study.ts";
import type { StageOne } from "../learn.ts";
import { withNetworks } from "../fineTuning.ts";
import { extractorsOf, sourceKind } from "../sources.ts";
import { makeFolds, type SplitSource } from "../splits.ts";
import type { LoadedStudy } from "../types.ts";
import { curvesText } from "./tables.ts";
import { tooMany, waysOf } from "./ways.ts";

/** The curves of one property. */
export interface PropertyCurves {
  readonly property: string;
  readonly kind: "number" | "class";
  /** Errors are those of the natural logarithm. */
  readonly logarithmic: boolean;
  /** Most rows that a fold leaves to learn from. */
  readonly available: number;
  readonly curves: readonly ComparedCurve[];
}

export interface Curved {
  readonly properties: readonly PropertyCurves[];
  readonly repeats: number;
  readonly split: string;
  readonly warnings: readonly string[];
}

type Loaded = LoadedStudy & { readonly study: CurvesStudy };

export async function measureCurves(loaded: Loaded, one: StageOne, dir: RunDirectory, recorder: Recorder, ctx: Context): Promise<Curved> {
  const { study, setup } = loaded;
  const { measurements } = one;
  const root = fold(key(study.seed), "curves");
  const workers = study.workers ?? processors();
  const y = asLearnt(measurements.targets);
  const ways = waysOf(study, loaded.sources.length > 0).map((way) => ({ ...way, learner: withNetworks(way.learner, loaded.sources) }));
  const sources = extractorsOf(loaded.sources, sourceKind(study));
  const x = sources.length > 0 ? shareTable(await appendSources(sources, one.x, under(ctx, "sources"))) : one.x;
  const crew = await openCrew({ ...setup, descriptors: study.represent! }, { workers: 1 });
  const learning = openLearning(x, workers);
  try {
    const source: SplitSource = { loaded, measurements, x: one.x, crew };
    const properties = await recorder.stage("measure curves", ctx, async (c) => {
      const trials = await repeated(root, { source, x, y, ways, dir, run: learning.run }, c);
      return y.columns.map((column, j): PropertyCurves => ({
        property: column.name,
        kind: column.kind === "number" ? "number" : "class",
        logarithmic: isLogarithmic(measurements.targets.columns[j]!),
        available: Math.max(...trials.map((all) => all[j]!.rows)),
        curves: compareCurves(trials.map((all) => all[j]!), ways, fold(fold(root, "law"), column.name)),
      }));
    });
    const warnings = warningsOf(properties, study.curves.sizes);
    await dir.write("curves.csv", curvesText(properties));
    return { properties, repeats: study.curves.repeats, split: study.learn.split, warnings };
  } finally {
    await Promise.all([crew.close(), learning.close()]);
  }
}

const isLogarithmic = (column: Targets["columns"][number]): boolean => column.kind === "number" && column.scale === "log";

interface Measured {
  readonly source: SplitSource;
  readonly x: Table;
  readonly y: Targets;
  readonly ways: readonly CurveWay[];
  readonly dir: RunDirectory;
  readonly run: RunJobs;
}

/** Of each repeat, of each property. */
async function repeated(root: Key, { source, x, y, ways, dir, run }: Measured, ctx: Context): Promise<readonly (readonly TrialCurves[])[]> {
  const { study } = source.loaded as Loaded;
  const { repeats, sizes } = study.curves;
  const out: (readonly TrialCurves[])[] = [];
  const total = repeats * y.columns.length * ways.length * sizes.length;
  let done = 0;
  const tell = (note: string) => ctx.report({ stage: "measure curves", done, total, note });
  for (let repeat = 0; repeat < repeats; repeat++) {
    const file = `checkpoint/curves-${repeat + 1}.json`;
    const kept = (await dir.load(file)) as readonly TrialCurves[] | undefined;
    if (kept === undefined) {
      const at = fold(root, repeat);
      const [trial] = foldTrials(await makeFolds(fold(at, "folds"), study.learn.split, source, ctx));
      const all: TrialCurves[] = [];
      for (let column = 0; column < y.columns.length; column++) {
        const name = y.columns[column]!.name;
        const counted: RunJobs = async (jobs, c) => {
          const results = await run(jobs, { ...c, report: () => {} });
          done += jobs.length;
          tell(`${name}, repeat ${repeat + 1} of ${repeats}`);
          return results;
        };
        tell(`${name}, repeat ${repeat + 1} of ${repeats}`);
        all.push(await trialCurves({ x, y, column, trial: trial!, ways, sizes }, counted, fold(at, name), ctx));
      }
      await dir.save(file, all);
    }
    done = (repeat + 1) * y.columns.length * ways.length * sizes.length;
    // What goes on is what was kept: a resumed run has nothing else.
    out.push((await dir.load(file)) as readonly TrialCurves[]);
  }
  return out;
}

function warningsOf(properties: readonly PropertyCurves[], sizes: readonly number[]): readonly string[] {
  return properties.flatMap(({ property, curves, available }) => {
    const reached = sizes.filter((rows) => rows <= available).length;
    return [
      ...(reached < sizes.length ? [`${property}: ${tooMany(sizes, available)} beside the fold held out (curves.sizes)`] : []),
      ...curves.filter(({ note, points }) => note !== "" && points.length < reached).map(({ way, note }) => `${property}: ${way} could not learn at every size: ${note}`),
    ];
  });
}
