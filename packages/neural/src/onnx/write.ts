/*
 * Programs as ONNX files. A file with an open batch takes any number of rows: trace the program with BATCH rows, and
 * every size that is a multiple of it is written as one that follows from the input.
 */
import { InputError } from "@tatara/engine/base";
import type { LoopProgram, Program } from "../runtime/types.ts";
import { inOrder } from "../tensor/gradient.ts";
import { shapeText } from "../tensor/shape.ts";
import type { DType, Shape, Tensor } from "../tensor/types.ts";
import { type Emitter, emit, neededInputs } from "./emit.ts";
import { type Field, joinBytes, string } from "./protobuf.ts";
import { type Element, initialiserField, modelFields, nodeField, valueField } from "./schema.ts";

/** Rows of a program that is written for any number of them: a prime that no real size is a multiple of. */
export const BATCH = 15_485_863;
/** The name of the open size in the file. */
const ROWS = "rows";

const isOpen = (size: number): boolean => size >= BATCH && size % BATCH === 0;

function bytesOf(element: Element, values: ArrayLike<number>): Uint8Array {
  const from = Array.from(values);
  switch (element) {
    case "f32":
      return new Uint8Array(Float32Array.from(from).buffer);
    case "f64":
      return new Uint8Array(Float64Array.from(from).buffer);
    case "i32":
      return new Uint8Array(Int32Array.from(from).buffer);
    case "u32":
      return new Uint8Array(Uint32Array.from(from).buffer);
    case "bool":
      return Uint8Array.from(from);
    default:
      return new Uint8Array(BigInt64Array.from(from, BigInt).buffer);
  }
}

/** Arrays that the outer graph holds, each once; small ones are recognised by their contents. */
class Store {
  readonly fields: Field[] = [];
  readonly #known = new Map<string, string>();
  readonly #tensors = new Map<Tensor, string>();

  hold(element: Element, shape: Shape, values: ArrayLike<number>): string {
    const id = values.length <= 64 ? `${element}[${shape.join(",")}]${Array.from(values, (v) => (Object.is(v, -0) ? "-0" : String(v))).join(",")}` : undefined;
    const known = id === undefined ? undefined : this.#known.get(id);
    if (known !== undefined) return known;
    const name = `constant_${this.fields.length}`;
    this.fields.push(initialiserField(name, element, shape, bytesOf(element, values)));
    if (id !== undefined) this.#known.set(id, name);
    return name;
  }

  constant(x: Tensor<"constant">): string {
    const known = this.#tensors.get(x);
    if (known !== undefined) return known;
    if (x.shape.some(isOpen)) throw new InputError(`constant for every row: ${shapeText(x.shape)} — an open batch has no constants of its size`);
    const { values, name: own } = x.attributes;
    if (own !== undefined) this.fields.push(initialiserField(own, x.dtype, x.shape, bytesOf(x.dtype, values)));
    const name = own ?? this.hold(x.dtype, x.shape, values);
    this.#tensors.set(x, name);
    return name;
  }
}

/** The nodes of one graph, in order. */
class Graph implements Emitter {
  readonly fields: Field[] = [];
  readonly #names: Map<Tensor, string>;
  readonly #store: Store;
  readonly #prefix: string;
  readonly #rows?: string;
  #count = 0;

  /** `rows`: name of an input whose first size is the open batch. */
  constructor(store: Store, names: ReadonlyMap<Tensor, string>, prefix: string, rows?: string) {
    this.#store = store;
    this.#names = new Map(names);
    this.#prefix = prefix;
    if (rows !== undefined) this.#rows = rows;
  }

  fresh(): string {
    return `${this.#prefix}${this.#count++}`;
  }

  of(x: Tensor): string {
    if (x.op === "constant") return this.#store.constant(x as Tensor<"constant">);
    const name = this.#names.get(x);
    if (name === undefined) throw new TypeError(`no value yet: ${x.op} — inputs come before outputs`);
    return name;
  }

  write(node: Parameters<Emitter["write"]>[0]): void {
    this.fields.push(nodeField(node));
  }

  node(type: string, inputs: readonly string[], attributes: Parameters<Emitter["node"]>[2] = {}, output = this.fresh()): string {
    this.write({ type, inputs, outputs: [output], attributes });
    return output;
  }

  hold(element: Element, shape: Shape, values: ArrayLike<number>): string {
    return this.#store.hold(element, shape, values);
  }

  isOpen(size: number): boolean {
    return isOpen(size);
  }

  shape(shape: Shape): string {
    if (!shape.some(isOpen)) return this.hold("i64", [shape.length], shape);
    const parts = shape.map((n) => (isOpen(n) ? this.node("Mul", [this.#batch(), this.hold("i64", [1], [n / BATCH])]) : this.hold("i64", [1], [n])));
    return parts.length === 1 ? parts[0] : this.node("Concat", parts, { axis: { int: 0 } });
  }

  reshapeTo(shape: Shape): string {
    return shape.filter(isOpen).length === 1 ? this.hold("i64", [shape.length], shape.map((n) => (isOpen(n) ? -1 : n))) : this.shape(shape);
  }

  #batch(): string {
    if (this.#rows === undefined) throw new InputError("no input with an open batch — one input has it as its first size");
    return this.node("Shape", [this.#rows], { start: { int: 0 }, end: { int: 1 } });
  }

  /** Write everything that the tensors are made of. */
  trace(tensors: readonly Tensor[]): void {
    for (const y of inOrder(tensors, (x) => (this.#names.has(x) ? [] : neededInputs(x)))) {
      if (this.#names.has(y) || y.op === "constant") continue;
      const name = this.fresh();
      emit(y, this, name);
      this.#names.set(y, name);
    }
  }

  /** A name for a tensor of its own, whatever else it is. */
  named(x: Tensor, name: string): void {
    this.node("Identity", [this.of(x)], {}, name);
  }
}

const declared = (field: number, name: string, dtype: DType, shape: Shape, lead: readonly (number | string)[] = []): Field => valueField(field, name, dtype, [...lead, ...shape.map((n) => (n === BATCH ? ROWS : n))]);

const inputsOf = (tensors: readonly Tensor[]): readonly Tensor<"input">[] => {
  const found = inOrder(tensors, neededInputs).filter((t) => t.op === "input") as readonly Tensor<"input">[];
  const names = new Set<string>();
  for (const { attributes } of found) {
    if (names.has(attributes.name)) throw new InputError(`two inputs have one name: "${attributes.name}" — names are unique within a program`, { path: attributes.name });
    names.add(attributes.name);
  }
  return found;
};

const model = (parts: readonly Field[], metadata: Readonly<Record<string, string>>): Uint8Array => joinBytes(modelFields(parts, metadata).flat());

/** The file of a program. Metadata travel with it as texts. */
export function writeProgram({ outputs }: Program, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const tensors = Object.values(outputs);
  const inputs = inputsOf(tensors);
  const twice = inputs.find(({ attributes: { name } }) => Object.hasOwn(outputs, name))?.attributes.name;
  if (twice !== undefined) throw new InputError(`one name for an input and an output: "${twice}" — names are unique within a program`, { path: twice });
  const store = new Store();
  const rows = inputs.find(({ shape }) => shape[0] === BATCH)?.attributes.name;
  const graph = new Graph(store, new Map(inputs.map((t) => [t, t.attributes.name])), "t", rows);
  graph.trace(tensors);
  Object.entries(outputs).forEach(([name, t]) => graph.named(t, name));
  return model(
    [...graph.fields, string(2, "program"), ...store.fields, ...inputs.map(({ attributes: { name }, dtype, shape }) => declared(11, name, dtype, shape)), ...Object.entries(outputs).map(([name, { dtype, shape }]) => declared(12, name, dtype, shape))],
    metadata,
  );
}

/** Names of a loop's parts in its file. */
export const STEPS = "steps";
export const stacked = (name: string): string => `${name}:each`;
export const nextOf = (name: string): string => `${name}:next`;
export const toldOf = (name: string): string => `${name}:told`;

/** The file of a loop: one Loop node whose body is the step. */
export function writeLoop({ state, each, outputs }: LoopProgram): Uint8Array {
  const going = Object.entries(state);
  const told = Object.entries(outputs);
  const tensors = [...going.map(([, { next }]) => next), ...told.map(([, t]) => t)];
  const all = inputsOf([...tensors, ...going.map(([, s]) => s.input), ...each]);
  const own = new Set<Tensor>([...going.map(([, s]) => s.input), ...each]);
  const shared = all.filter((t) => !own.has(t));
  const store = new Store();
  const body = new Graph(store, new Map<Tensor, string>([...shared.map((t): [Tensor, string] => [t, t.attributes.name]), ...going.map(([name, s]): [Tensor, string] => [s.input, `${name}:now`]), ...each.map((t): [Tensor, string] => [t, nameOf(t)])]), "t");
  for (const t of each) body.node("Gather", [stacked(nameOf(t)), "iteration"], { axis: { int: 0 } }, nameOf(t));
  body.trace(tensors);
  body.node("Identity", ["go"], {}, "goOn");
  going.forEach(([name, { next }]) => body.named(next, `${name}:then`));
  told.forEach(([name, t]) => body.named(t, `${name}:one`));
  const graph: Field[] = [
    ...body.fields,
    string(2, "step"),
    valueField(11, "iteration", "i64", []),
    valueField(11, "go", "bool", []),
    ...going.map(([name, { input }]) => declared(11, `${name}:now`, input.dtype, input.shape)),
    valueField(12, "goOn", "bool", []),
    ...going.map(([name, { input }]) => declared(12, `${name}:then`, input.dtype, input.shape)),
    ...told.map(([name, t]) => declared(12, `${name}:one`, t.dtype, t.shape)),
  ];
  const go = store.hold("bool", [], [1]);
  const loop = nodeField({ type: "Loop", inputs: [STEPS, go, ...going.map(([name]) => name)], outputs: [...going.map(([name]) => nextOf(name)), ...told.map(([name]) => toldOf(name))], attributes: { body: { graph } } });
  return model(
    [
      loop,
      string(2, "loop"),
      ...store.fields,
      valueField(11, STEPS, "i64", []),
      ...going.map(([name, { input }]) => declared(11, name, input.dtype, input.shape)),
      ...each.map((t) => declared(11, stacked(nameOf(t)), t.dtype, t.shape, [STEPS])),
      ...shared.map((t) => declared(11, t.attributes.name, t.dtype, t.shape)),
      ...going.map(([name, { input }]) => declared(12, nextOf(name), input.dtype, input.shape)),
      ...told.map(([name, t]) => declared(12, toldOf(name), t.dtype, t.shape, [STEPS])),
    ],
    {},
  );
}

const nameOf = (t: Tensor): string => (t as Tensor<"input">).attributes.name;
