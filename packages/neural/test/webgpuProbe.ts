/* Run by webgpu.test.ts in a process of its own, because the graphics driver is chosen by the environment: the same training on both providers. */
import * as ort from "onnxruntime-node";
import { key, stream } from "@tatara/engine/base";
import * as layer from "../src/layers/layers.ts";
import { average, squaredError } from "../src/layers/losses.ts";
import { ortBackend } from "../src/runtime/ort.ts";
import * as op from "../src/tensor/ops.ts";
import { compileTrainer } from "../src/train/trainer.ts";

const [N, D] = [32, 6];
const rng = stream(key(1));
const x = Float32Array.from({ length: N * D }, () => rng.normal());
const y = Float32Array.from({ length: N }, (_, i) => Math.sin(x[i * D]));

async function trained(device: "cpu" | "webgpu"): Promise<readonly number[]> {
  const trainer = await compileTrainer(ortBackend(ort, { devices: [device] }), {
    each: {},
    shared: { x: { shape: [N, D] }, y: { shape: [N, 1] } },
    loss: (scope, inputs) => average(squaredError(layer.dense(scope.at("out"), layer.layerNorm(scope.at("norm"), op.tanh(layer.dense(scope.at("in"), inputs["x"], 16))), 1), inputs["y"])),
  });
  const { state, losses } = await trainer.run(trainer.initial(key(2)), { count: 5, each: {}, rates: new Float32Array(5).fill(0.01) }, { x, y }, key(3));
  return [...losses, ...state.parameters];
}

process.stdout.write(JSON.stringify({ cpu: await trained("cpu"), webgpu: await trained("webgpu") }));
