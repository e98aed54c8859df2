import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, decodeWithArrays, encode, encodeWithArrays } from "../../src/base/encoding.ts";
import { InputError } from "../../src/base/errors.ts";
import { hash, hashJson } from "../../src/base/hash.ts";

const arrays = fc.oneof(
  fc.float64Array(), fc.float32Array(), fc.int8Array(), fc.uint8Array(), fc.uint8ClampedArray(), fc.int16Array(), fc.uint16Array(), fc.int32Array(), fc.uint32Array(), fc.bigInt64Array(), fc.bigUint64Array(),
);
const names = fc.oneof(fc.string(), fc.constantFrom("$", "is", "base64", "toString")).filter((name) => name !== "__proto__" && name !== "constructor");
const { value: plain } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), fc.string(), fc.boolean(), fc.constant(null), arrays, fc.array(tie("value")), fc.dictionary(names, tie("value"), { noNullPrototype: true })),
}));

test("plain data with typed arrays come back as they were", () => {
  const claim = (value: unknown): void => {
    expect(decode(encode(value))).toStrictEqual(value);
  };
  fc.assert(fc.property(plain, claim), { numRuns: 300 });
});

test("manifests with large arrays come back as they were", async () => {
  const big = Float64Array.from({ length: 10_000 }, (_, i) => (i % 7 === 0 ? Number.NaN : -i / 3));
  const value = { big, same: big, small: Float32Array.of(1.5), list: [Int32Array.of(-1), "x"] };
  const { json, arrays } = encodeWithArrays(value);
  expect([...arrays.keys()]).toEqual([hash(new Uint8Array(big.buffer))]);
  expect(json.length).toBeLessThan(400);
  expect(await decodeWithArrays(json, async (id) => arrays.get(id)!)).toStrictEqual(value);
});

test("a changed array beside a manifest is found out", async () => {
  const { json, arrays } = encodeWithArrays(new Float64Array(10_000));
  const damaged = (id: string) => arrays.get(id)!.with(3, 1);
  await expect(decodeWithArrays(json, damaged)).rejects.toThrow("an array was changed");
});

test("a property that is called constructor is data like any other", () => {
  // toStrictEqual takes such a property for the object's class.
  expect(JSON.stringify(decode(encode({ constructor: [1] })))).toBe('{"constructor":[1]}');
});

test("views into larger buffers and subclasses are stored by their own part", () => {
  const whole = Float64Array.of(1, 2, 3, 4);
  expect(decode(encode(whole.subarray(1, 3)))).toStrictEqual(Float64Array.of(2, 3));
  expect(decode(encode(Buffer.from([1, 2])))).toStrictEqual(Uint8Array.of(1, 2));
});

test.each([
  ["a function", { a: [1, { b: () => 1 }] }, "a[1].b: a function"],
  ["undefined in a list", [undefined], "[0]: a undefined"],
  ["a class instance", { when: new Date(0) }, "when: a Date"],
  ["a map", new Map(), "the top: a Map"],
  ["a big integer", 1n, "the top: a bigint"],
  ["a symbol", { s: Symbol("x") }, "s: a symbol"],
  ["a property that would pollute", JSON.parse('{"a":{"__proto__":{"x":1}}}'), 'a: a property named "__proto__"'],
])("%s is refused with its path", (_, value, message) => {
  expect(() => encode(value)).toThrow(message);
  expect(() => encode(value)).toThrow(InputError);
});

test("a cycle is refused, a repeated part is not", () => {
  const part = { x: 1 };
  const loop: { self?: unknown } = {};
  loop.self = [loop];
  expect(decode(encode([part, part]))).toEqual([part, part]);
  expect(() => encode(loop)).toThrow("self[0]: a part of itself");
});

test.each([
  '{"__proto__":{"polluted":1}}', '{"a":{"$":"object","is":{"__proto__":1}}}', '{"$":"Float64Array","base64":"AAA="}', '{"$":"Float64Array","base64":"A"}', '{"$":"Float64Array","base64":"!!!!"}', '{"$":"Float64Array"}',
  '{"$":"constructor"}', '{"$":"number","is":"toString"}', '{"$":"number"}', '{"$":1}', "x", "",
])("damaged text is refused: %s", (text) => {
  expect(() => decode(text)).toThrow(InputError);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("hashes do not depend on the order of properties, and do on values", () => {
  expect(hashJson({ a: 1, b: [2, Number.NaN] })).toBe(hashJson({ b: [2, Number.NaN], a: 1 }));
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: 2 }));
  expect(hashJson([Number.NaN])).not.toBe(hashJson([Number.POSITIVE_INFINITY]));
  // printf abc | sha256sum
  expect(hash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
