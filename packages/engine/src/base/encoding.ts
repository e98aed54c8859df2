/*
 * Plain data as JSON text that loses nothing: ±Infinity, NaN, −0 and every typed array (little-endian bytes in
 * base64, with its type) come back as they were. Whatever is not plain data is refused with its path. A tag is
 * an object whose first key is "$"; data that has such a key itself is wrapped, so no text is ambiguous.
 *
 *   {"$":"number","is":"-0"}   {"$":"Float64Array","base64":"…"}   {"$":"Float64Array","sha256":"…"}   {"$":"object","is":{…}}
 */
import { InputError } from "./errors.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { hash } from "./hash.ts";

const ARRAYS = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

/** Arrays above this many bytes lie beside a manifest. */
const SPLIT_BYTES = 64 * 1024;
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** JSON text of plain data. Properties that are undefined are left out; throws InputError for anything that is not plain data. */
export const encode = (value: unknown): string => JSON.stringify(pack(value, "", new Set(), inline));

/** What `encode` was given. Throws InputError when the text is not such an encoding. */
export const decode = (text: string): unknown => unpack(parse(text), "", inlineBytes);

export interface Manifest {
  readonly json: string;
  /** Bytes of the arrays above 64 kB, named by their SHA-256 in hex. */
  readonly arrays: ReadonlyMap<string, Uint8Array>;
}

/** Like `encode`, with large arrays split off. */
export function encodeWithArrays(value: unknown): Manifest {
  const arrays = new Map<string, Uint8Array>();
  const beside: ArrayForm = (name, bytes) => {
    if (bytes.length <= SPLIT_BYTES) return inline(name, bytes);
    const id = hash(bytes);
    arrays.set(id, bytes);
    return { $: name, sha256: id };
  };
  return { json: JSON.stringify(pack(value, "", new Set(), beside)), arrays };
}

/** Read a manifest back; `load` finds an array's bytes by name, and their hash is checked. */
export async function decodeWithArrays(json: string, load: (id: string) => Uint8Array | Promise<Uint8Array>): Promise<unknown> {
  const parsed = parse(json);
  const loaded = new Map<string, Uint8Array>();
  for (const id of new Set(arrayNames(parsed))) {
    const bytes = await load(id);
    if (hash(bytes) !== id) throw new InputError(`an array was changed: ${id} — its bytes no longer have that SHA-256`, { value: id });
    loaded.set(id, bytes);
  }
  return unpack(parsed, "", (tag, path) => (typeof tag.sha256 === "string" ? (loaded.get(tag.sha256) ?? bad(path, tag.sha256)) : inlineBytes(tag, path)));
}

type ArrayForm = (name: string, bytes: Uint8Array) => unknown;
const inline: ArrayForm = (name, bytes) => ({ $: name, base64: toBase64(bytes) });

/** Array names come from Symbol.toStringTag, so that a subclass such as Node's Buffer counts as what it extends. */
const arrayName = (value: object): ArrayName | undefined => {
  const name = ArrayBuffer.isView(value) ? (value as unknown as { readonly [Symbol.toStringTag]: string })[Symbol.toStringTag] : "";
  return Object.hasOwn(ARRAYS, name) ? (name as ArrayName) : undefined;
};

function pack(value: unknown, path: string, above: Set<object>, form: ArrayForm): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: "number", is: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value !== "object") throw refuse(path, `a ${typeof value}`);
  const name = arrayName(value);
  if (name !== undefined) return form(name, littleEndian(value as TypedArray));
  if (above.has(value)) throw refuse(path, "a part of itself");
  above.add(value);
  const packed = Array.isArray(value) ? packList(value, path, above, form) : packObject(value as Record<string, unknown>, path, above, form);
  above.delete(value);
  return packed;
}

const packList = (list: readonly unknown[], path: string, above: Set<object>, form: ArrayForm): unknown => Array.from(list, (item, i) => pack(item, `${path}[${i}]`, above, form));

function packObject(value: Record<string, unknown>, path: string, above: Set<object>, form: ArrayForm): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, `a ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? "class instance"}`);
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === "__proto__") throw refuse(path, 'a property named "__proto__"');
    if (item !== undefined) out[name] = pack(item, path === "" ? name : `${path}.${name}`, above, form);
  }
  return Object.hasOwn(out, "$") ? { $: "object", is: out } : out;
}

const refuse = (path: string, what: string) => new InputError(`not plain data at ${path === "" ? "the top" : path}: ${what} — numbers, strings, booleans, null, lists, objects and typed arrays can be stored`, { path });

function littleEndian(array: TypedArray): Uint8Array {
  const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength).slice();
  return LITTLE_ENDIAN ? bytes : reversed(bytes, array.BYTES_PER_ELEMENT);
}

function reversed(bytes: Uint8Array, size: number): Uint8Array {
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  return bytes;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`not JSON: ${text.length > 60 ? `${text.slice(0, 60)}…` : text} — the file is damaged or was not written by Tatara`, { cause });
  }
}

type Tag = Readonly<Record<string, unknown>>;
type Bytes = (tag: Tag, path: string) => Uint8Array;

const bad = (path: string, value: unknown): never => {
  throw new InputError(`damaged value at ${path === "" ? "the top" : path}: ${String(JSON.stringify(value)).slice(0, 80)} — the file was not written by Tatara, or was changed`, { path, value });
};

const inlineBytes: Bytes = (tag, path) => (typeof tag.base64 === "string" ? (fromBase64(tag.base64) ?? bad(path, "base64")) : bad(path, tag));

function unpack(value: unknown, path: string, bytes: Bytes): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item, i) => unpack(item, `${path}[${i}]`, bytes));
  const tag = value as Tag;
  if (!Object.hasOwn(tag, "$")) return unpackObject(tag, path, bytes);
  if (tag.$ === "number") return unpackNumber(tag, path);
  if (tag.$ === "object" && tag.is !== null && typeof tag.is === "object") return unpackObject(tag.is as Tag, path, bytes);
  return typeof tag.$ === "string" && Object.hasOwn(ARRAYS, tag.$) ? unpackArray(tag.$ as ArrayName, bytes(tag, path), path) : bad(path, tag);
}

function unpackObject(tag: Tag, path: string, bytes: Bytes): unknown {
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(tag)) {
    if (name === "__proto__") bad(path, tag);
    out[name] = unpack(item, path === "" ? name : `${path}.${name}`, bytes);
  }
  return out;
}

const NUMBERS: Readonly<Record<string, number>> = { "-0": -0, NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY };

const unpackNumber = (tag: Tag, path: string): number => (typeof tag.is === "string" && Object.hasOwn(NUMBERS, tag.is) ? NUMBERS[tag.is]! : bad(path, tag));

function unpackArray(name: ArrayName, bytes: Uint8Array, path: string): unknown {
  const type = ARRAYS[name];
  const size = type.BYTES_PER_ELEMENT;
  if (bytes.length % size !== 0) return bad(path, `${bytes.length} bytes of ${name}`);
  const own = LITTLE_ENDIAN ? bytes.slice() : reversed(bytes.slice(), size);
  return new type(own.buffer as ArrayBuffer, 0, own.length / size);
}

/** Names of the arrays that lie beside, in order of appearance. */
function arrayNames(value: unknown): readonly string[] {
  if (value === null || typeof value !== "object") return [];
  if (!Array.isArray(value) && typeof (value as Tag).sha256 === "string" && Object.hasOwn(ARRAYS, String((value as Tag).$))) return [(value as Tag).sha256 as string];
  return Object.values(value).flatMap(arrayNames);
}
