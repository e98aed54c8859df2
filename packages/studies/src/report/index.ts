export { renderHtml } from "./html.ts";
export type * from "./types.ts";
