import { mkdtemp, writeFile, truncate } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { InputError } from "@tatara/engine/base";
import { csvText, readCsv } from "@tatara/studies/tables";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "tatara-csv-"))));

let serial = 0;
const file = async (content: string | Uint8Array, name = `t${serial++}.csv`): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

/** Windows-1252 bytes of a text whose characters are all below U+0100. */
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

describe("reading", () => {
  test.each([
    ["comma", "a,b\n1,2\n"],
    ["semicolon", "a;b\n1;2\n"],
    ["tab", "a\tb\n1\t2\n"],
    ["bar", "a|b\n1|2\n"],
    ["CRLF", "a,b\r\n1,2\r\n"],
    ["old Mac line ends", "a,b\r1,2\r"],
    ["no line end at the end", "a,b\n1,2"],
    ["UTF-8 mark", "\uFEFFa,b\n1,2\n"],
  ])("%s separated tables give the same cells", async (_, text) => {
    const { header, rows } = await readCsv(await file(text));
    expect(header).toEqual(["a", "b"]);
    expect(rows).toEqual([["1", "2"]]);
  });

  test("semicolons win over decimal commas", async () => {
    const { separator, rows } = await readCsv(await file("smiles;gap\nCC;1,5\nCCC;2,5\n"));
    expect(separator).toBe(";");
    expect(rows[0]).toEqual(["CC", "1,5"]);
  });

  test("quoted cells keep separators, quotes and line breaks", async () => {
    const { rows } = await readCsv(await file('a,b\n"x, ""y""","two\nlines"\n'));
    expect(rows).toEqual([['x, "y"', "two\nlines"]]);
  });

  test("encodings are detected: UTF-8, Windows-1252, Shift JIS, UTF-16", async () => {
    expect((await readCsv(await file("name,v\nTg für °C,1\n"))).rows[0]![0]).toBe("Tg für °C");
    expect((await readCsv(await file(latin1("name,v\nTg für °C,1\nMéthacrylate de méthyle,2\n")))).rows[0]![0]).toBe("Tg für °C");
    // "屈折率" in Shift JIS, thrice, so that the statistics have something to go by.
    const sjis = Buffer.concat([Buffer.from("name,v\n"), ...Array.from({ length: 12 }, () => Buffer.concat([Buffer.from([0x8b, 0xfc, 0x90, 0xdc, 0x97, 0xa6, 0x82, 0xcc, 0x91, 0xaa, 0x92, 0xe8]), Buffer.from(",1\n")]))]);
    expect((await readCsv(await file(sjis))).rows[0]![0]).toBe("屈折率の測定");
    expect((await readCsv(await file(utf16("name,v\nÅ,1\n")))).rows[0]![0]).toBe("Å");
  });

  test("gzip is opened", async () => {
    expect((await readCsv(await file(gzipSync("a,b\n1,2\n"), "t.csv.gz"))).rows).toEqual([["1", "2"]]);
  });

  test("a ragged row is set aside with its number, and the others stay", async () => {
    const { rows, rejected, numbers } = await readCsv(await file("a,b\n1,2\n3\n4,5,6\n7,8\n"));
    expect(rows).toEqual([["1", "2"], ["7", "8"]]);
    expect([...numbers]).toEqual([1, 4]);
    expect(rejected.map(({ row, reason }) => [row, reason])).toEqual([[2, "1 cells where the header has 2"], [3, "3 cells where the header has 2"]]);
  });

  test("surplus empty cells are harmless", async () => {
    expect((await readCsv(await file("a,b,\n1,2,,\n"))).rows).toEqual([["1", "2"]]);
  });

  test("a table put together from two machines, with both kinds of line end, loses no row", async () => {
    const { rows, lines, rejected } = await readCsv(await file("a,b\r\n1,2\r\n3,4\n\"x\r\ny\",6\n7,8\r9,10\r\n"));
    expect(rejected).toEqual([]);
    expect(rows).toEqual([["1", "2"], ["3", "4"], ["x\r\ny", "6"], ["7", "8"], ["9", "10"]]);
    expect([...lines]).toEqual([2, 3, 5, 6, 7]);
  });

  test("line numbers count the lines of the file", async () => {
    const { lines } = await readCsv(await file('a,b\n"x\ny",1\nz,2\n'));
    expect([...lines]).toEqual([3, 4]);
  });
});

describe("refusing", () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ["an empty file", "", /empty table/],
    ["a header alone", "a,b\n", /header and no rows/],
    ["a column named twice", "a,a\n1,2\n", /column named twice: "a"/],
    ["an Excel workbook", Buffer.from("504b030414000600", "hex"), /Excel workbook; save the sheet as CSV/],
    ["a PDF", "%PDF-1.7\n", /PDF/],
    ["binary data", Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256), /binary data/],
    ["an unclosed quote", `a,b\n"x,1\n${"y,2\n".repeat(10)}`, /quoted cell is not closed/],
    ["a broken gzip", Buffer.concat([gzipSync("a,b\n1,2\n").subarray(0, 12), Buffer.alloc(40, 7)]), /gzip/],
  ])("%s is refused in words", async (_, content, message) => {
    const error = await readCsv(await file(content)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test("a file that is not there, and a directory", async () => {
    await expect(readCsv(join(folder, "none.csv"))).rejects.toThrow(/there is no such file/);
    await expect(readCsv(folder)).rejects.toThrow(/directory/);
  });

  test("a line of 2 GB is refused after a megabyte, without reading the rest", async () => {
    const path = await file("a,b\n1,2\nx");
    await truncate(path, 2_000_000_000); // A sparse file: zeros that take no room.
    await expect(readCsv(path)).rejects.toThrow(/binary data|more than 1,000,000 characters/);
    const text = await file(`a,b\n1,2\n"${"x".repeat(3_000_000)}`);
    await expect(readCsv(text)).rejects.toThrow(/more than 1,000,000 characters/);
  });

  test("a file above the limit is refused by its size", async () => {
    const path = await file("a,b\n1,2\n");
    await truncate(path, 10 * 2 ** 30);
    await expect(readCsv(path)).rejects.toThrow(/table too large: .* 10\.0 GB/);
  });
});

test("numbers are written in their shortest form that reads back the same", () => {
  const text = csvText(["a", "b"], [[0.1 + 0.2, Number.NaN], [1e-300, "x,y"], [true, null]]);
  expect(text).toBe('a,b\n0.30000000000000004,\n1e-300,"x,y"\ntrue,\n');
});
