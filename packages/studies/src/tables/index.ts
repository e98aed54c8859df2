export { readCsv, type CsvOptions, type RawTable, type RejectedRow } from "./csv.ts";
export { csvText, rejectedText, type Cell } from "./write.ts";
