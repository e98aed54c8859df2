/* SMILES text ⇄ molecular graph, without a toolkit: tokens, a fast parser, and a seeded writer that starts anywhere. */
export { tokenise } from "./tokens.ts";
export { readAtom } from "./atom.ts";
export { parseSmiles } from "./parse.ts";
export { writeSmiles } from "./write.ts";
export type { WriteOptions } from "./write.ts";
export { SYMBOLS } from "./symbols.ts";
export { implicitHydrogens, valences } from "./valence.ts";
