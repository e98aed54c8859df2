/* @tatara/engine: the mathematics of the two stages. Each layer is also a path of its own: @tatara/engine/prob. */
export * from "./base/index.ts";
export * from "./numeric/index.ts";
export * from "./prob/index.ts";
export * from "./data/index.ts";
export * from "./learn/index.ts";
export * from "./generate/index.ts";
export * from "./search/index.ts";
export * from "./design/index.ts";
export * from "./explain/index.ts";
export * from "./testing/index.ts";
