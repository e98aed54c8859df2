/*
 * The wire format of protocol buffers, as much of it as ONNX files need: varints, 64- and 32-bit words, and length-delimited
 * fields. Messages are written as lists of fields and read as fields by number.
 */
import { InputError } from "@tatara/engine/base";

/** Bytes of a message, in parts that are joined once at the end. */
export type Field = readonly Uint8Array[];

const text = new TextEncoder();
const reader = new TextDecoder("utf-8", { fatal: true });

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

const head = (field: number, wire: number): Uint8Array => varint(field * 8 + wire);

/** A whole number, negative ones in two's complement. */
export const int = (field: number, value: number | bigint): Field => [head(field, 0), varint(value)];
export const float = (field: number, value: number): Field => [head(field, 5), new Uint8Array(Float32Array.of(value).buffer)];
export const bytes = (field: number, value: Uint8Array): Field => [head(field, 2), varint(value.length), value];
export const string = (field: number, value: string): Field => bytes(field, text.encode(value));
/** Whole numbers, packed. */
export const ints = (field: number, values: readonly number[]): Field => bytes(field, joinBytes(values.map(varint)));
/** A message inside a message. */
export function message(field: number, fields: readonly Field[]): Field {
  const parts = fields.flat();
  return [head(field, 2), varint(parts.reduce((sum, part) => sum + part.length, 0)), ...parts];
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A message as read: the values of each field in the order in which they came. */
export type Message = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** Throws InputError when the bytes are no message. */
export function readMessage(data: Uint8Array): Message {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = data[at++];
      if (byte === undefined) throw damaged(at);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw damaged(at);
  };
  const taken = (length: number): Uint8Array => {
    if (!(length >= 0) || at + length > data.length) throw damaged(at);
    return data.subarray(at, (at += length));
  };
  while (at < data.length) {
    const tag = Number(next());
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (field === 0) throw damaged(at);
    const value = wire === 0 ? next() : wire === 1 ? taken(8) : wire === 2 ? taken(Number(next())) : wire === 5 ? taken(4) : undefined;
    if (value === undefined) throw damaged(at);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const damaged = (at: number): InputError => new InputError(`no protocol buffer: byte ${at} — the file is damaged or of another kind`, { value: at });

/** The messages in one field. */
export const messagesIn = (m: Message, field: number): readonly Message[] => (m.get(field) ?? []).filter((v) => v instanceof Uint8Array).map(readMessage);
export function stringIn(m: Message, field: number): string | undefined {
  const value = m.get(field)?.at(-1);
  return value instanceof Uint8Array ? decodeText(value) : undefined;
}
export const numberIn = (m: Message, field: number): number | undefined => {
  const value = m.get(field)?.at(-1);
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : undefined;
};

function decodeText(value: Uint8Array): string {
  try {
    return reader.decode(value);
  } catch (cause) {
    throw new InputError("no text: bytes that are not UTF-8 — the file is damaged or of another kind", { cause });
  }
}
