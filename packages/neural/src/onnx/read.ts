/*
 * What an ONNX file says of itself: its inputs and outputs, its metadata, and the arrays that it holds. Nodes are left to
 * whoever runs the file.
 */
import { InputError } from "@tatara/engine/base";
import { type Message, messagesIn, numberIn, readMessage, stringIn } from "./protobuf.ts";
import { ELEMENT, type Element } from "./schema.ts";

export interface OnnxValue {
  readonly name: string;
  /** Undefined for types that this project does not use. */
  readonly element: Element | undefined;
  /** Sizes; words for those that are open. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface OnnxFile {
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Arrays of 32-bit numbers by name, copied. */
  arrays(): ReadonlyMap<string, OnnxArray>;
}

/** Read the outside of a file. Throws InputError when it is no ONNX file, or is cut off. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const { model, graph } = opened(bytes);
  return {
    producer: stringIn(model, 2) ?? "",
    metadata: new Map(messagesIn(model, 14).map((entry) => [stringIn(entry, 1) ?? "", stringIn(entry, 2) ?? ""])),
    inputs: messagesIn(graph, 11).map(valueOf),
    outputs: messagesIn(graph, 12).map(valueOf),
    arrays: () => new Map(messagesIn(graph, 5).flatMap((array) => arrayOf(array))),
  };
}

function opened(bytes: Uint8Array): { readonly model: Message; readonly graph: Message } {
  try {
    const model = readMessage(bytes);
    const [graph] = messagesIn(model, 7);
    // A model has an IR version, a graph, and the sets of operators that it uses.
    if (graph !== undefined && numberIn(model, 1) !== undefined && messagesIn(model, 8).length > 0) return { model, graph };
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`not an ONNX file: ${bytes.length} bytes that are no model — the file is damaged or of another kind`, { cause });
  }
  throw new InputError(`not an ONNX file: ${bytes.length} bytes without a graph — the file is damaged or of another kind`);
}

const elementOf = new Map(Object.entries(ELEMENT).map(([name, number]) => [number as number, name as Element]));

function valueOf(value: Message): OnnxValue {
  const [type] = messagesIn(value, 2);
  const [tensor] = type === undefined ? [] : messagesIn(type, 1);
  const [shape] = tensor === undefined ? [] : messagesIn(tensor, 2);
  const sizes = shape === undefined ? [] : messagesIn(shape, 1).map((size) => numberIn(size, 1) ?? stringIn(size, 2) ?? "?");
  return { name: stringIn(value, 1) ?? "", element: tensor === undefined ? undefined : elementOf.get(numberIn(tensor, 1) ?? 0), shape: sizes };
}

/** Arrays of 32-bit numbers whose bytes lie in the file as they are. */
function arrayOf(array: Message): readonly (readonly [string, OnnxArray])[] {
  const raw = array.get(9)?.at(-1);
  if (numberIn(array, 2) !== ELEMENT.f32 || !(raw instanceof Uint8Array) || raw.length % 4 !== 0) return [];
  const shape = sizesOf(array.get(1)?.at(-1));
  return [[stringIn(array, 8) ?? "", { shape, values: new Float32Array(Uint8Array.from(raw).buffer) }]];
}

/** Sizes are written packed: one varint after another. */
function sizesOf(packed: bigint | Uint8Array | undefined): readonly number[] {
  if (!(packed instanceof Uint8Array)) return packed === undefined ? [] : [Number(packed)];
  const sizes: number[] = [];
  let [size, factor] = [0, 1];
  for (const byte of packed) {
    size += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      sizes.push(size);
      [size, factor] = [0, 1];
    }
  }
  return sizes;
}
