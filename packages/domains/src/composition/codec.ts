/* Text ⇄ composition. Writings of one composition have one canonical text, which is the key. */
import type { Codec } from "@tatara/engine/generate";
import { composition } from "./canonical.ts";
import { readFormula } from "./formula/read.ts";
import type { Composition } from "./type.ts";

/** Parse throws InputError with the place and the reason when the text is no composition. */
export const compositionCodec: Codec<Composition> = {
  parse: (text) => composition(readFormula(text)),
  format: ({ formula }) => formula,
  key: ({ formula }) => formula,
};
