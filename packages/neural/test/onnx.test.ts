import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { InputError, key, stream } from "@tatara/engine/base";
import { attention, batchNorm, dense, layerNorm } from "../src/layers/layers.ts";
import { fixedScope, layoutOf } from "../src/layers/scope.ts";
import type { Scope } from "../src/layers/types.ts";
import { BATCH, writeProgram } from "../src/onnx/write.ts";
import { messagesIn, numberIn, readMessage, stringIn } from "../src/onnx/protobuf.ts";
import { interpret } from "../src/runtime/interpreter.ts";
import { ortBackend } from "../src/runtime/ort.ts";
import * as op from "../src/tensor/ops.ts";
import type { Tensor } from "../src/tensor/types.ts";

const [T, D] = [3, 8];
const network = (scope: Scope, x: Tensor): Tensor => {
  const rows = x.shape[0];
  const tokens = layerNorm(scope.at("norm"), op.reshape(x, [rows, T, D]));
  const seen = attention(scope.at("attention"), tokens, { heads: 2 });
  return dense(scope.at("last"), op.tanh(batchNorm(scope.at("batch"), op.reshape(seen, [rows, T * D]))), 2);
};
const traced = (rows: number) => {
  const x = op.input("x", [rows, T * D]);
  const layout = layoutOf((scope) => network(scope, x));
  return { x, y: network(fixedScope(layout, layout.initial(key(1))), x) };
};
const rowsOf = (n: number): Float64Array => {
  const rng = stream(key(2));
  return Float64Array.from({ length: n * T * D }, () => Math.fround(rng.normal()));
};

test("a file with an open batch takes any number of rows and agrees with the interpreter", async () => {
  const file = writeProgram({ outputs: { y: traced(BATCH).y } }, { tatara: "test" });
  const opened = await ortBackend(ort).open!(file);
  for (const n of [1, 2, 7]) {
    const { y } = await opened.run({ x: rowsOf(n) });
    const [wanted] = interpret([traced(n).y], { x: rowsOf(n) });
    expect(y).toHaveLength(2 * n);
    y.forEach((v, i) => expect(v).toBeCloseTo(wanted[i], 5));
  }
});

test("metadata, opset and names can be read from the file", () => {
  const model = readMessage(writeProgram({ outputs: { y: traced(BATCH).y } }, { units: "eV" }));
  expect(stringIn(model, 2)).toBe("tatara");
  expect(messagesIn(model, 8).map((m) => numberIn(m, 2))).toEqual([18]);
  expect(messagesIn(model, 14).map((m) => [stringIn(m, 1), stringIn(m, 2)])).toEqual([["units", "eV"]]);
  const [graph] = messagesIn(model, 7);
  expect(messagesIn(graph, 11).map((m) => stringIn(m, 1))).toEqual(["x"]);
  expect(messagesIn(graph, 12).map((m) => stringIn(m, 1))).toEqual(["y"]);
});

test.each([
  ["nothing that is a message", Uint8Array.of(255, 255, 255)],
  ["a text", new TextEncoder().encode("name,value\nC,1\n")],
  ["a message cut off", writeProgram({ outputs: { y: traced(2).y } }).slice(0, 1000)],
])("bytes that are no protocol buffer are refused: %s", (_, bytes) => {
  expect(() => messagesIn(readMessage(bytes), 7)).toThrow(InputError);
});

test("a constant of the batch's size is refused in an open file", () => {
  const x = op.input("x", [BATCH, 1]);
  // A prime batch is too long for a real constant: stand in for one by its shape.
  const fake = { ...op.constant([1], [1]), shape: [BATCH, 1] } as Tensor;
  expect(() => writeProgram({ outputs: { y: op.add(x, fake) } })).toThrow(/open batch has no constants of its size/);
});

test("the answer for a row is the same to the last bit in every batch", async () => {
  const opened = await ortBackend(ort).open!(writeProgram({ outputs: { y: traced(BATCH).y } }));
  const all = (await opened.run({ x: rowsOf(37) }))["y"];
  for (let i = 0; i < 37; i++) {
    const one = (await opened.run({ x: rowsOf(37).slice(i * T * D, (i + 1) * T * D) }))["y"];
    expect(Array.from(one)).toEqual(Array.from(all.slice(2 * i, 2 * i + 2)));
  }
});

test("an output with the name of an input is refused", () => {
  const x = op.input("x", [2]);
  expect(() => writeProgram({ outputs: { x: op.neg(x) } })).toThrow(/one name for an input and an output: "x"/);
});
