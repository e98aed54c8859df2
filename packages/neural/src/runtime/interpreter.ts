/*
 * Programs run operation by operation in double precision, products by the WASM kernels. The reference for compiled
 * graphs, and what trains small networks where onnxruntime cannot load.
 */
import { InputError } from "@tatara/engine/base";
import { inOrder } from "../tensor/gradient.ts";
import { shapeText, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/types.ts";
import { evaluate } from "./evaluate.ts";
import type { Backend, Feeds, Values } from "./types.ts";

/** Values of a program's outputs. Throws InputError when a feed is missing or has another size. */
export function interpret(outputs: readonly Tensor[], feeds: Feeds): readonly Float64Array[] {
  return runner(outputs)(feeds);
}

/** The tensors in order, found once, and when each value is needed for the last time. */
function runner(outputs: readonly Tensor[]): (feeds: Feeds) => readonly Float64Array[] {
  const order = inOrder(outputs);
  const place = new Map(order.map((t, i) => [t, i]));
  const last = order.map((_, i) => i);
  order.forEach((t, i) => t.inputs.forEach((x) => (last[place.get(x)!] = i)));
  outputs.forEach((t) => (last[place.get(t)!] = order.length));
  const over: number[][] = order.map(() => []);
  last.forEach((end, i) => over[end]?.push(i));
  return (feeds) => {
    const values: (Float64Array | undefined)[] = [];
    order.forEach((t, i) => {
      values[i] = t.op === "input" ? fed(t as Tensor<"input">, feeds) : evaluate(t, t.inputs.map((x) => values[place.get(x)!]!));
      for (const k of over[i]) if (k !== i) values[k] = undefined;
    });
    return outputs.map((t) => values[place.get(t)!]!);
  };
}

function fed({ attributes: { name }, shape }: Tensor<"input">, feeds: Feeds): Float64Array {
  const values = feeds[name];
  if (values === undefined) throw new InputError(`nothing fed: "${name}" — the program needs ${shapeText(shape)}`, { path: name });
  if (values.length !== sizeOf(shape)) throw new InputError(`feed of another size: "${name}" has ${values.length} numbers — ${shapeText(shape)} holds ${sizeOf(shape)}`, { path: name });
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

const joined = (parts: readonly Float64Array[]): Float64Array => {
  const out = new Float64Array(parts.reduce((s, p) => s + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** One step's part of stacked values. */
const part = (values: Values, shape: readonly number[], step: number): Values => values.subarray(step * sizeOf(shape), (step + 1) * sizeOf(shape));

export const interpreter: Backend = {
  name: "interpreter",
  compile: async ({ outputs }) => {
    const runners = new Map<string, (feeds: Feeds) => readonly Float64Array[]>();
    return {
      run: async (feeds, only = Object.keys(outputs)) => {
        const run = runners.get(only.join()) ?? runner(only.map((name) => outputs[name]));
        runners.set(only.join(), run);
        const values = run(feeds);
        return Object.fromEntries(only.map((name, i) => [name, values[i]]));
      },
      dispose: async () => {},
    };
  },
  compileLoop: async ({ state, each, outputs }) => {
    const going = Object.entries(state);
    const names = Object.keys(outputs);
    const run = runner([...going.map(([, { next }]) => next), ...Object.values(outputs)]);
    return {
      run: async (steps, { state: start, each: stacks, shared }) => {
        let now: Feeds = start;
        const told: Float64Array[][] = names.map(() => []);
        for (let step = 0; step < steps; step++) {
          const own = Object.fromEntries(each.map((t) => [(t as Tensor<"input">).attributes.name, part(stacks[(t as Tensor<"input">).attributes.name], t.shape, step)]));
          const values = run({ ...shared, ...own, ...now });
          // Rounded as a compiled graph stores it, so that it does not matter where a call ends.
          now = Object.fromEntries(going.map(([name], i) => [name, Float32Array.from(values[i])]));
          names.forEach((_, i) => told[i].push(values[going.length + i]));
        }
        return { state: now, outputs: Object.fromEntries(names.map((name, i) => [name, joined(told[i])])) };
      },
      dispose: async () => {},
    };
  },
};
