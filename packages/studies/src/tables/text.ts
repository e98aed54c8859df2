/*
 * A file on disk as a stream of decoded text: gzip is opened, the encoding is detected, and what is no
 * table at all (a workbook, a PDF, an image, a program) is refused with advice.
 */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import type { Readable } from "node:stream";
import { analyse } from "chardet";
import { InputError } from "@tatara/engine/base";

/** Files above this size are refused: a table of a million rows is far smaller. */
export const MAX_FILE_BYTES = 2 * 2 ** 30;
const PROBE_BYTES = 256 * 1024;
const LINE_END = 10;

const MAGIC: readonly (readonly [string, string])[] = [
  ["504b0304", "a zip archive or an Excel workbook; save the sheet as CSV"],
  ["d0cf11e0", "an old Excel or Word file; save the sheet as CSV"],
  ["25504446", "a PDF; export the table as CSV"],
  ["89504e47", "a PNG image"],
  ["ffd8ff", "a JPEG image"],
  ["7f454c46", "a program"],
  ["50415231", "a Parquet file; export it as CSV"],
  ["1f9d", "a compress archive; unpack it first"],
  ["425a68", "a bzip2 archive; unpack it first"],
  ["fd377a58", "an xz archive; unpack it first"],
  ["28b52ffd", "a zstandard archive; unpack it first"],
];

export interface TextFile {
  readonly encoding: string;
  /** The first part of the text, for separator detection. */
  readonly head: string;
  /** Open the decoded text from the start. */
  chunks(): AsyncGenerator<string>;
}

/** Look at a file and open it as text. Throws InputError when it is missing, empty, too large or no text. */
export async function openText(path: string, encoding?: string): Promise<TextFile> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(`cannot read the table: ${path} — ${cause.code === "ENOENT" ? "there is no such file" : (cause.code ?? cause.message)}`, { path: "data.table", value: path, cause });
  });
  if (!info.isFile()) throw new InputError(`cannot read the table: ${path} — it is ${info.isDirectory() ? "a directory" : "no regular file"}; name a CSV file`, { path: "data.table", value: path });
  if (info.size === 0) throw new InputError(`empty table: ${path} — a header line and at least one row are needed`, { path: "data.table", value: path });
  if (info.size > MAX_FILE_BYTES) throw new InputError(`table too large: ${path} has ${(info.size / 2 ** 30).toFixed(1)} GB — at most ${MAX_FILE_BYTES / 2 ** 30} GB; split it, or keep only the columns that the study names`, { path: "data.table", value: path });
  const raw = await readHead(path);
  const zipped = raw[0] === 0x1f && raw[1] === 0x8b;
  const bytes = zipped ? unzipHead(raw, path) : raw;
  refuseBinary(bytes, path);
  const label = encoding ?? detectEncoding(bytes);
  const head = decoder(label).decode(bytes, { stream: true });
  if (encoding !== undefined && bytes.includes(LINE_END) && !head.includes("\n")) throw new InputError(`wrong encoding: ${path} read as ${encoding} has no line ends — leave data.encoding out; it looks like ${detectEncoding(bytes)}`, { path: "data.encoding", value: encoding });
  return {
    encoding: label,
    head,
    async *chunks() {
      const file = createReadStream(path);
      const source: Readable = zipped ? file.pipe(createGunzip()) : file;
      file.once("error", (error) => source.destroy(error));
      const text = decoder(label);
      try {
        for await (const chunk of source) yield text.decode(chunk as Uint8Array, { stream: true });
        yield text.decode();
      } finally {
        file.destroy();
      }
    },
  };
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unzipHead(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: 2 /* Z_SYNC_FLUSH: the head ends in the middle */ });
  } catch (cause) {
    throw new InputError(`broken gzip file: ${path} — pack the table again, or give it unpacked`, { path: "data.table", value: path, cause });
  }
}

function refuseBinary(bytes: Uint8Array, path: string): void {
  const hex = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  const known = MAGIC.find(([magic]) => hex.startsWith(magic));
  if (known) throw new InputError(`not a text table: ${path} is ${known[1]}`, { path: "data.table", value: path });
  if (hasUtf16Mark(bytes)) return;
  const sample = bytes.subarray(0, 8192);
  const share = (odd: (byte: number) => boolean) => sample.reduce((count, byte) => count + (odd(byte) ? 1 : 0), 0) / sample.length;
  if ((share((byte) => byte === 0) > MOST_ZEROS || share(isControl) > MOST_CONTROLS) && !looksUtf16(sample)) throw new InputError(`not a text table: ${path} holds binary data — give a CSV or TSV file`, { path: "data.table", value: path });
}

/** Text has no zeros, and a stray control character here and there; of random bytes one in ten is one. */
const MOST_ZEROS = 0.0005;
const MOST_CONTROLS = 0.03;

const isControl = (byte: number) => byte < 32 && ![9, 10, 12, 13, 27].includes(byte);

const hasUtf16Mark = (b: Uint8Array) => (b[0] === 0xff && b[1] === 0xfe) || (b[0] === 0xfe && b[1] === 0xff);

/** Every second byte zero: UTF-16 without a mark. */
const looksUtf16 = (b: Uint8Array) => {
  const zeros = [0, 0];
  for (let i = 0; i < b.length; i++) if (b[i] === 0) zeros[i & 1]!++;
  return Math.max(...zeros) > 0.4 * (b.length / 2) && Math.min(...zeros) < 0.02 * b.length;
};

function detectEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (looksUtf16(bytes.subarray(0, 8192))) return bytes[0] === 0 ? "utf-16be" : "utf-16le";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return "utf-8";
  } catch {
    // Not UTF-8: the statistics of the bytes decide among the legacy encodings.
    const guess = analyse(bytes).find(({ name }) => LEGACY.has(name));
    return guess?.name.toLowerCase() ?? "windows-1252";
  }
}

const LEGACY = new Set(["Shift_JIS", "EUC-JP", "GB18030", "Big5", "EUC-KR", "windows-1252", "ISO-8859-1", "ISO-8859-2", "windows-1250", "windows-1251"]);

function decoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch (cause) {
    throw new InputError(`unknown encoding: "${label}" — for example utf-8, utf-16le, windows-1252, shift_jis`, { path: "data.encoding", value: label, cause });
  }
}
