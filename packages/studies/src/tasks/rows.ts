/* One row out for each row in: what predict and describe write beside the columns of a table. */
import type { RawTable } from "../tables/csv.ts";
import { csvText, type Cell } from "../tables/write.ts";

/** The table as CSV with new columns, the last of them the reason why a row has none of the others. */
export function withColumns(raw: RawTable, names: readonly string[], cellsOf: (i: number) => readonly Cell[] | { readonly reason: string }): string {
  const blank = (reason: string): readonly Cell[] => [...names.slice(1).map(() => ""), reason];
  const whole = raw.rows.map((row, i) => {
    const cells = cellsOf(i);
    return { number: raw.numbers[i]!, cells: [...row, ...("reason" in cells ? blank(cells.reason) : cells)] };
  });
  const broken = raw.rejected.map((r) => ({ number: r.row, cells: [...fitted(r.cells ?? [r.value], raw), ...blank(r.reason)] }));
  return csvText([...raw.header, ...apart(names, raw.header)], [...whole, ...broken].sort((a, b) => a.number - b.number).map(({ cells }) => cells));
}

/** The cells of a row that the table reader refused, as many as the header's: a short row is filled up, the surplus of a long one stands in its last cell. */
function fitted(cells: readonly string[], { header, separator }: RawTable): readonly string[] {
  const last = header.length - 1;
  return header.map((_, i) => (i < last ? (cells[i] ?? "") : cells.slice(last).join(separator)));
}

/** Names of new columns; one that the input has already gets a number. */
function apart(names: readonly string[], taken: readonly string[]): readonly string[] {
  return names.map((name) => {
    let free = name;
    for (let n = 2; taken.includes(free); n++) free = `${name}_${n}`;
    return free;
  });
}
