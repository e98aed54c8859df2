/*
 * Five networks trained in one ONNX graph beside torch on one thread, in turns: processor seconds of one step, the best of several
 * rounds, and their ratio. Run: node packages/neural/bench/training.bench.ts [name …]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { key, stream } from "@tatara/engine/base";
import { ortBackend } from "../src/runtime/ort.ts";
import type { Feeds } from "../src/runtime/types.ts";
import { sizeOf } from "../src/tensor/shape.ts";
import { compileTrainer } from "../src/train/trainer.ts";
import { torchPython } from "../test/python.ts";
import { type TimedModel, timedModels } from "./models.ts";

const ROUNDS = 7;
const ROUND_SECONDS = 1;

const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function feedsOf({ each, levels = 0 }: TimedModel, steps: number): Feeds {
  const rng = stream(key(1));
  return Object.fromEntries(
    Object.entries(each).map(([name, { shape, dtype }]) => {
      const one = sizeOf(shape);
      const batch = dtype === "i32" ? Int32Array.from({ length: one }, () => rng.below(levels)) : Float32Array.from({ length: one }, () => (name === "x" && shape.length === 4 && shape[1] === 1 ? rng.uniform() : rng.normal()));
      const all = dtype === "i32" ? new Int32Array(one * steps) : new Float32Array(one * steps);
      for (let i = 0; i < steps; i++) all.set(batch, i * one);
      return [name, all];
    }),
  );
}

interface Timed {
  /** Take some steps; their processor seconds. */
  take(steps: number): Promise<number>;
  /** Throws when the loss is not below that of the first step. */
  check(): void;
}

async function here(model: TimedModel): Promise<Timed> {
  const trainer = await compileTrainer(ortBackend(ort), { each: model.each, shared: {}, loss: model.loss });
  let state = trainer.initial(key(1));
  const told: number[] = [];
  const take = async (steps: number): Promise<number> => {
    const each = feedsOf(model, steps);
    const start = seconds();
    const { state: next, losses } = await trainer.run(state, { count: steps, each, rates: new Float32Array(steps).fill(1e-3) }, {}, key(2));
    const took = seconds() - start;
    state = next;
    told.push(losses[0], losses[losses.length - 1]);
    return took;
  };
  const check = (): void => {
    if (!(told[told.length - 1] < told[0])) throw new Error(`the loss does not fall: ${told[0]} to ${told[told.length - 1]}`);
  };
  return { take, check };
}

/** A torch process that is asked line by line. */
async function there(): Promise<{ ask(line: string): Promise<string>; close(): void } | undefined> {
  if (torchPython === undefined) return undefined;
  const child = spawn(torchPython, [fileURLToPath(new URL("torchModels.py", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  console.log((await once(lines, "line"))[0]);
  return {
    ask: async (line) => {
      const answer = once(lines, "line");
      child.stdin.write(`${line}\n`);
      return (await answer)[0] as string;
    },
    close: () => child.stdin.end(),
  };
}

const torch = await there();
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(timedModels);
if (torch === undefined) console.log("torch is not here: no comparison");
console.log("network          here (ms)  torch (ms)  ratio");
for (const name of names) {
  const own = await here(timedModels[name]);
  await own.take(3);
  await torch?.ask(`${name} 3`);
  const steps = Math.max(2, Math.round(ROUND_SECONDS / ((await own.take(3)) / 3)));
  let [best, bestThere] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.min(best, (await own.take(steps)) / steps);
    if (torch !== undefined) bestThere = Math.min(bestThere, Number(await torch.ask(`${name} ${steps}`)) / steps);
  }
  own.check();
  console.log(`${name.padEnd(16)} ${(best * 1000).toFixed(2).padStart(9)} ${(bestThere * 1000).toFixed(2).padStart(11)} ${(best / bestThere).toFixed(2).padStart(6)}`);
}
torch?.close();
