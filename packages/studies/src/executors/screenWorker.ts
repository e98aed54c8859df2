/*
 * A screening worker: mixtures in, probabilities out. Materials, descriptors and predictions of a block stay in this
 * thread; only amounts and a few numbers a point travel.
 */
import { workerData } from "piscina";
import { lookUp, type Context } from "@tatara/engine/base";
import { regionObjective } from "@tatara/engine/design";
import { chooseDescriptors, joinFeatures, type Constraint, type Descriptor, type Domain, type Mixing } from "@tatara/engine/generate";
import { reviveFitted, type FittedModel } from "@tatara/engine/learn";
import type { Feature, Table } from "@tatara/engine/data";
import type { Marginal } from "@tatara/engine/prob";
import { openDomain } from "../catalogue/domains.ts";
import { reviveModel } from "../catalogue/learners.ts";
import type { Mixtures, MixtureAnswers, MixtureTask, ScreeningSetup } from "./protocol.ts";
import { threadContext } from "./stopping.ts";

interface Bench {
  readonly domain: Domain<unknown>;
  readonly mixing: Mixing<unknown>;
  readonly descriptors: readonly Descriptor<unknown>[];
  readonly features: readonly Feature[];
  readonly constraints: readonly Constraint<unknown>[];
  readonly model: FittedModel;
}

const setup = workerData as ScreeningSetup;
const objective = regionObjective(setup.targets);
let bench: Promise<Bench> | undefined;

async function build(): Promise<Bench> {
  const domain = await openDomain(setup);
  const descriptors = chooseDescriptors(domain, setup.descriptors);
  return {
    domain,
    mixing: domain.mixing!,
    descriptors,
    features: joinFeatures(descriptors),
    constraints: Object.entries(setup.constraints).map(([name, value]) => lookUp("constraint", name, domain.constraints, "constraints").make(value)),
    model: reviveFitted(setup.record, reviveModel),
  };
}

/** The materials that may be made, with their places in the block. */
function permitted({ domain, mixing, constraints }: Bench, { parts, amounts }: Mixtures): { readonly rows: readonly number[]; readonly materials: readonly unknown[] } {
  const rows: number[] = [];
  const materials: unknown[] = [];
  for (let i = 0; i < amounts.length / parts.length; i++) {
    const material = mixing.mix(parts, amounts.subarray(i * parts.length, (i + 1) * parts.length));
    if (constraints.some((broken) => broken(material) !== undefined) || domain.faults(material).length > 0) continue;
    rows.push(i);
    materials.push(material);
  }
  return { rows, materials };
}

function describe({ descriptors, features }: Bench, materials: readonly unknown[]): Table {
  const data = new Float64Array(materials.length * features.length);
  let at = 0;
  for (const material of materials) for (const descriptor of descriptors) descriptor.write(material, data.subarray(at, (at += descriptor.features.length)));
  return { rows: materials.length, cols: features.length, data, features };
}

/** Numbers kept of a property: each class's probability, or mean and standard deviation. */
const columnsOf = (marginal: Marginal): number => (marginal.kind === "number" ? 2 : marginal.levels.length);

function writeColumns(marginal: Marginal, rows: readonly number[], { values, width }: { readonly values: Float32Array; readonly width: number }, left: number): void {
  rows.forEach((row, i) => {
    const at = row * width + left;
    if (marginal.kind === "number") values.set([marginal.mean[i]!, marginal.sd[i]!], at);
    else values.set(marginal.probability.data.subarray(i * marginal.levels.length, (i + 1) * marginal.levels.length), at);
  });
}

/** The entry point that piscina calls. */
export default async function run({ mixtures, flag }: MixtureTask): Promise<MixtureAnswers> {
  const ctx = threadContext(flag);
  if (ctx.signal.aborted) throw ctx.signal.reason;
  const here = await (bench ??= build());
  const { rows, materials } = permitted(here, mixtures);
  const n = mixtures.amounts.length / mixtures.parts.length;
  const width = here.model.outputs.reduce((sum, o) => sum + (o.kind === "number" ? 2 : o.levels.length), 0);
  const answers = { probability: new Float32Array(n).fill(Number.NaN), values: new Float32Array(n * width).fill(Number.NaN), width };
  if (rows.length === 0) return mixtures.judge ? { ...answers, inside: new Uint8Array(n), growth: new Float32Array(n).fill(1) } : answers;
  const table = describe(here, materials);
  const predictive = await here.model.inner.predict(table, ctx);
  const score = objective.logScore(predictive);
  rows.forEach((row, i) => (answers.probability[row] = Math.exp(score[i]!)));
  let left = 0;
  for (const marginal of predictive.marginals) {
    writeColumns(marginal, rows, answers, left);
    left += columnsOf(marginal);
  }
  return mixtures.judge ? { ...answers, ...(await judged(here, { table, rows, n }, predictive, ctx)) } : answers;
}

interface Block {
  readonly table: Table;
  /** Places of the table's rows in the block. */
  readonly rows: readonly number[];
  readonly n: number;
}

async function judged({ model }: Bench, { table, rows, n }: Block, predictive: Awaited<ReturnType<FittedModel["predict"]>>, ctx: Context): Promise<Pick<MixtureAnswers, "inside" | "growth">> {
  const applicability = await model.domain.assess(table, predictive, ctx);
  const stretch = model.domain.stretch(applicability);
  const [inside, growth] = [new Uint8Array(n), new Float32Array(n).fill(1)];
  rows.forEach((row, i) => {
    inside[row] = applicability.inside[i]!;
    growth[row] = stretch[i]!;
  });
  return { inside, growth };
}
