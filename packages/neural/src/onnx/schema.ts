/* Field numbers of onnx.proto (ONNX 1.15, IR version 9) that are written and read. */
import { bytes, type Field, float, int, ints, message, string } from "./protobuf.ts";

export const ELEMENT = { f32: 1, i32: 6, i64: 7, bool: 9, f64: 11, u32: 12, u64: 13 } as const;
export type Element = keyof typeof ELEMENT;

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }
  | { readonly graph: readonly Field[] };

function attribute(name: string, value: Attribute): Field {
  const type = (kind: number): Field => int(20, kind);
  if ("int" in value) return message(5, [string(1, name), int(3, value.int), type(2)]);
  if ("float" in value) return message(5, [string(1, name), float(2, value.float), type(1)]);
  if ("ints" in value) return message(5, [string(1, name), ...value.ints.map((v) => int(8, v)), type(7)]);
  if ("text" in value) return message(5, [string(1, name), string(4, value.text), type(3)]);
  return message(5, [string(1, name), message(6, value.graph), type(5)]);
}

export interface NodeText {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export const nodeField = ({ type, inputs, outputs, attributes = {} }: NodeText): Field =>
  message(1, [...inputs.map((name) => string(1, name)), ...outputs.map((name) => string(2, name)), string(4, type), ...Object.entries(attributes).map(([name, value]) => attribute(name, value))]);

/** An array that the graph holds; bytes are little-endian. */
export const initialiserField = (name: string, element: Element, shape: readonly number[], raw: Uint8Array): Field => message(5, [ints(1, shape), int(2, ELEMENT[element]), string(8, name), bytes(9, raw)]);

/** A name with its type; sizes that are words stay open. */
export function valueField(field: number, name: string, element: Element, shape: readonly (number | string)[]): Field {
  const sizes = shape.map((n) => message(1, [typeof n === "number" ? int(1, n) : string(2, n)]));
  return message(field, [string(1, name), message(2, [message(1, [int(1, ELEMENT[element]), message(2, sizes)])])]);
}

/** Opset 18: bitwise operations and reductions of scatters came with it. */
export const OPSET = 18;
const IR_VERSION = 9;

export const modelFields = (graph: readonly Field[], metadata: Readonly<Record<string, string>>): readonly Field[] => [
  int(1, IR_VERSION),
  string(2, "tatara"),
  message(7, graph),
  message(8, [string(1, ""), int(2, OPSET)]),
  ...Object.entries(metadata).map(([key, value]) => message(14, [string(1, key), string(2, value)])),
];
