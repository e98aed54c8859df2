import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { NumericalError, key, permutation, quiet, stream, type Context } from "@tatara/engine/base";
import { batchNorm, dense, dropout } from "../src/layers/layers.ts";
import { average, squaredError } from "../src/layers/losses.ts";
import { fixedScope } from "../src/layers/scope.ts";
import type { Scope } from "../src/layers/types.ts";
import { interpreter, interpret } from "../src/runtime/interpreter.ts";
import { ortBackend } from "../src/runtime/ort.ts";
import type { Backend } from "../src/runtime/types.ts";
import * as op from "../src/tensor/ops.ts";
import type { Tensor } from "../src/tensor/types.ts";
import { constantRate, cosine, oneCycle } from "../src/train/schedule.ts";
import { train, type TrainProgress } from "../src/train/train.ts";
import { compileTrainer } from "../src/train/trainer.ts";

const [N, D, B] = [96, 5, 32];
const rng = stream(key(3));
const x = Float32Array.from({ length: N * D }, () => rng.normal());
const y = Float32Array.from({ length: N }, (_, i) => Math.sin(2 * x[i * D]) + x[i * D + 1] * x[i * D + 2]);

const network = (scope: Scope, rows: Tensor): Tensor => {
  const h = dropout(scope.at("first"), op.relu(batchNorm(scope.at("norm"), dense(scope.at("first"), rows, 32))), 0.1);
  return dense(scope.at("last"), op.tanh(dense(scope.at("second"), h, 16)), 1);
};

const shapes = { rows: [B] };
const set = (backend: Backend) =>
  compileTrainer(backend, {
    each: { rows: { shape: [B], dtype: "i32" } },
    shared: { x: { shape: [N, D] }, y: { shape: [N, 1] } },
    loss: (scope, { rows, x: table, y: targets }) => average(squaredError(network(scope, op.gather(table, rows)), op.gather(targets, rows))),
    optimiser: { weightDecay: 1e-3, clip: 1 },
  });

const batches = (k: ReturnType<typeof key>) => ({ steps: N / B, each: { rows: permutation(k, N) } });
const backends = [["onnxruntime", ortBackend(ort)], ["interpreter", interpreter]] as const;

describe.each(backends)("training on %s", (_, backend) => {
  const run = async (options: Partial<Parameters<typeof train>[0]> = {}, ctx: Context = quiet) => {
    const trainer = await set(backend);
    const result = await train({ trainer, shapes, shared: { x, y }, batches, epochs: 200, schedule: cosine(0.01), stepsPerEpoch: N / B, ...options }, key(1), ctx);
    return { trainer, ...result };
  };

  test("the loss falls, and predictions follow the targets", async () => {
    const { trainer, state, history } = await run();
    expect(history.at(-1)!.loss).toBeLessThan(0.15 * history[0].loss);
    const rows = op.input("x", [N, D]);
    const [found] = interpret([network(fixedScope(trainer.layout, state), rows)], { x });
    const error = found.reduce((s, v, i) => s + (v - y[i]) ** 2, 0) / N;
    expect(error).toBeLessThan(0.1);
  });

  test("the same key gives the same bits, however the steps are divided", async () => {
    const slow: Context = { ...quiet, now: (() => { let t = 0; return () => (t += 10_000); })() };
    const [a, b] = [await run({ epochs: 5 }), await run({ epochs: 5 }, slow)];
    expect(b.state.parameters).toEqual(a.state.parameters);
    expect(b.state.buffers).toEqual(a.state.buffers);
  });

  test("an interrupted training resumed equals an unbroken one", async () => {
    const kept: TrainProgress[] = [];
    const whole = await run({ epochs: 6 }, { ...quiet, keep: ({ state }) => void kept.push(structuredClone(state) as TrainProgress) });
    const resumed = await run({ epochs: 6, from: kept[2] });
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.history).toEqual(whole.history);
  });

  test("a signal stops it within an epoch", async () => {
    const stop = new AbortController();
    const ctx: Context = { ...quiet, signal: stop.signal, report: ({ done }) => done === 3 && stop.abort(new Error("stopped")) };
    await expect(run({ epochs: 100_000 }, ctx)).rejects.toThrow("stopped");
  });

  test("training ends when rows held out get no better, and keeps the best", async () => {
    let calls = 0;
    const { history } = await run({ epochs: 50, patience: 4, evaluate: async () => Math.abs(++calls - 7) });
    expect(history).toHaveLength(11);
  });

  test("a loss that is no number any more is told with its step", async () => {
    const error = await run({ schedule: constantRate(1e30), epochs: 50 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NumericalError);
    expect((error as Error).message).toMatch(/^training diverged: loss (NaN|Infinity) at step \d+ — a smaller learning rate/);
  });
});

test("both backends train alike", async () => {
  const trained = await Promise.all(
    backends.map(async ([, backend]) => {
      const trainer = await set(backend);
      return train({ trainer, shapes, shared: { x, y }, batches, epochs: 3, schedule: constantRate(0.003), stepsPerEpoch: N / B }, key(1), quiet);
    }),
  );
  trained[0].history.forEach(({ loss }, i) => expect(loss).toBeCloseTo(trained[1].history[i].loss, 4));
});

test("frozen parameters stay to the last bit", async () => {
  const backend = ortBackend(ort);
  const trainer = await compileTrainer(backend, {
    each: {},
    shared: { x: { shape: [N, D] } },
    loss: (scope, { x: table }) => op.mean(op.square(network(scope, table))),
    optimiser: { weightDecay: 0.1 },
    frozen: ["first."],
  });
  const start = trainer.initial(key(1));
  const { state } = await trainer.run(start, { count: 3, each: {}, rates: Float32Array.of(0.01, 0.01, 0.01) }, { x }, key(2));
  for (const { name, offset, shape } of trainer.layout.parameters) {
    const [before, after] = [start, state].map(({ parameters }) => Array.from(parameters.subarray(offset, offset + shape.reduce((a, b) => a * b, 1))));
    if (name.startsWith("first.")) expect(after).toEqual(before);
    else expect(after).not.toEqual(before);
  }
});

test.each([
  ["cosine", cosine(0.1), 0.002, 0],
  ["oneCycle", oneCycle(0.1), 0.01, 0.0001],
] as const)("%s rises to the rate and falls", (_, schedule, first, last) => {
  const rates = Array.from({ length: 1000 }, (_, t) => schedule(t, 1000));
  expect(Math.max(...rates)).toBeCloseTo(0.1, 4);
  expect(rates[0]).toBeCloseTo(first, 3);
  expect(rates[999]).toBeCloseTo(last, 4);
});
