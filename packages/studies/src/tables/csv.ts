/*
 * CSV in: any of the usual encodings and separators, quoted fields, ragged rows. A bad row is set aside
 * with its number and reason and never costs a good one. Parsing is csv-parse's; detection is ours.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { InputError } from "@tatara/engine/base";
import { openText } from "./text.ts";

/** A record longer than this is no row of measurements: an unclosed quote, or no table at all. */
const MAX_RECORD = 1_000_000;
const MAX_ROWS = 5_000_000;
/** All of them: tables put together from two machines mix them. */
const LINE_ENDS = ["\r\n", "\n", "\r"];

export interface RejectedRow {
  /** Record number; the first row under the header is 1. */
  readonly row: number;
  /** Line of the file on which the record ends. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
  /** `no` when the row is left out; otherwise what was made of it, such as `merged`. */
  readonly used: string;
  /** The row as it stood, of a row with more or fewer cells than the header. */
  readonly cells?: readonly string[];
}

export interface RawTable {
  readonly path: string;
  readonly encoding: string;
  readonly separator: string;
  readonly header: readonly string[];
  /** Cells as text, each as long as the header. */
  readonly rows: readonly (readonly string[])[];
  /** Record number and line of each row in `rows`. */
  readonly numbers: Int32Array;
  readonly lines: Int32Array;
  readonly rejected: readonly RejectedRow[];
}

export interface CsvOptions {
  readonly encoding?: string;
  readonly separator?: string;
}

/** Read a CSV file. Throws InputError when there is no table in it; rows that do not fit are in `rejected`. */
export async function readCsv(path: string, { encoding, separator }: CsvOptions = {}): Promise<RawTable> {
  const text = await openText(path, encoding);
  const delimiter = separator ?? detectSeparator(text.head);
  const parser = parse({ delimiter, bom: true, record_delimiter: LINE_ENDS, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true, max_record_size: MAX_RECORD, trim: true });
  const feed = pipeline(Readable.from(text.chunks()), parser);
  feed.catch(() => {}); // The same error ends the loop below, and is told there.
  const rows: string[][] = [];
  const numbers: number[] = [];
  const lines: number[] = [];
  const rejected: RejectedRow[] = [];
  let header: string[] | undefined;
  let count = 0;
  let surplus = 0; // the parser counts a \r\n within quotes as two line ends
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      surplus += record.reduce((sum, cell) => sum + cell.split("\r\n").length - 1, 0);
      const line = info.lines - surplus;
      if (!header) {
        header = checkHeader(record, path);
        continue;
      }
      count++;
      if (record.length !== header.length && !harmless(record, header)) {
        rejected.push({ row: count, line, column: "", value: clip(record.join(delimiter)), reason: `${record.length} cells where the header has ${header.length}`, used: "no", cells: record });
        continue;
      }
      if (rows.length >= MAX_ROWS) throw new InputError(`too many rows: ${path} — at most ${MAX_ROWS.toLocaleString("en")}`, { path: "data.table", value: path });
      rows.push(Array.from(header, (_, i) => record[i] ?? ""));
      numbers.push(count);
      lines.push(line);
    }
    await feed;
  } catch (error) {
    throw asInputError(error, path);
  }
  if (!header) throw new InputError(`empty table: ${path} — a header line and at least one row are needed`, { path: "data.table", value: path });
  if (rows.length === 0 && rejected.length === 0) throw new InputError(`empty table: ${path} has a header and no rows`, { path: "data.table", value: path });
  return { path, encoding: text.encoding, separator: delimiter, header, rows, numbers: Int32Array.from(numbers), lines: Int32Array.from(lines), rejected };
}

/** Long rows with only empty cells beyond the header are whole; of a short row nobody knows which cells it lacks. */
const harmless = (record: readonly string[], header: readonly string[]) => record.length > header.length && record.slice(header.length).every((cell) => cell === "");

function asInputError(error: unknown, path: string): Error {
  const { code, message, lines } = error as { code?: string; message: string; lines?: number };
  if (code === "CSV_MAX_RECORD_SIZE") return new InputError(`a row of more than ${MAX_RECORD.toLocaleString("en")} characters: ${path}, near line ${lines ?? "?"} — a quote is not closed, or this is no table`, { path: "data.table", value: path, cause: error });
  if (code === "CSV_QUOTE_NOT_CLOSED") return new InputError(`a quoted cell is not closed: ${path}, the quote before line ${lines ?? "?"} — close it, or double a quote that is part of the text`, { path: "data.table", value: path, cause: error });
  if (code?.startsWith("CSV_")) return new InputError(`not a readable table: ${path}, near line ${lines ?? "?"}: ${message}`, { path: "data.table", value: path, cause: error });
  if (code?.startsWith("Z_")) return new InputError(`broken gzip file: ${path} — ${message}; pack the table again, or give it unpacked`, { path: "data.table", value: path, cause: error });
  return error as Error;
}

function checkHeader(record: readonly string[], path: string): string[] {
  const header = record.map((name) => name.trim());
  while (header.length > 1 && header.at(-1) === "") header.pop();
  const twice = header.find((name, i) => name !== "" && header.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`column named twice: "${twice}" in ${path} — give each column its own name`, { path: "data.table", value: twice });
  return header.map((name, i) => name || `column ${i + 1}`);
}

/** The separator that splits the first lines into the same number (> 1) of cells most often. */
export function detectSeparator(head: string): string {
  const lines = head.split(/\r\n|\n|\r/, 40).filter((line) => line.trim() !== "");
  const score = (separator: string) => {
    const counts = lines.slice(0, -1).concat(lines.length === 1 ? lines : []).map((line) => outsideQuotes(line, separator));
    const first = counts[0] ?? 0;
    return first === 0 ? 0 : counts.filter((c) => c === first).length / counts.length + Math.min(first, 50) / 1000;
  };
  const best = [",", "\t", ";", "|"].map((separator) => ({ separator, score: score(separator) })).sort((a, b) => b.score - a.score)[0]!;
  return best.score > 0 ? best.separator : ",";
}

function outsideQuotes(line: string, separator: string): number {
  let inside = false;
  let count = 0;
  for (const c of line) {
    if (c === '"') inside = !inside;
    else if (c === separator && !inside) count++;
  }
  return count;
}

const clip = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
