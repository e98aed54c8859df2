/* Repeat units as texts of the chemical language: two `*`, one piece, re-rooted at either. */
import type { Grammar } from "../chem/language/grammar.ts";
import type { Polymer } from "./type.ts";

export const polymerGrammar: Grammar<Polymer> = { id: "polymer", textOf: ({ smiles }) => smiles, attachments: 2, components: false, roots: "attachments" };
