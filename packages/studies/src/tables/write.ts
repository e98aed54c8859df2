/* CSV out: numbers in their shortest round-trip form, missing values as empty cells. */
import { stringify } from "csv-stringify/sync";
import type { RejectedRow } from "./csv.ts";

export type Cell = string | number | boolean | null | undefined;

/** CSV text with a header line; RFC 4180 quoting, LF line ends. */
export const csvText = (header: readonly string[], rows: readonly (readonly Cell[])[]): string => stringify([header, ...rows.map((row) => row.map(cellText))] as string[][]);

const cellText = (cell: Cell): string => {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return Number.isNaN(cell) ? "" : String(cell);
  return String(cell);
};

export const rejectedText = (rejected: readonly RejectedRow[]): string =>
  csvText(["row", "line", "column", "value", "reason", "used"], rejected.map((r) => [r.row, r.line, r.column, r.value, r.reason, r.used]));
