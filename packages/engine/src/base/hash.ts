/* Content hashes (SHA-256) that name datasets, models and cached results. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Hex SHA-256 of text or bytes. */
export const hash = (content: string | Uint8Array): string => bytesToHex(sha256(typeof content === "string" ? utf8ToBytes(content) : content));

/** Hex SHA-256 of plain data whose object keys are sorted first, so that equal data have equal hashes. */
export const hashJson = (value: unknown): string => hash(stableJson(value));

/** JSON with sorted keys. Non-finite numbers are written as strings, so that they stay apart. */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_, v) => {
    if (typeof v === "number" && !Number.isFinite(v)) return String(v);
    if (ArrayBuffer.isView(v) && !(v instanceof DataView)) return Array.from(v as unknown as ArrayLike<number>);
    if (v !== null && typeof v === "object" && !Array.isArray(v)) return Object.fromEntries(Object.entries(v).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    return v;
  });
