/* @tatara/domains/elements: the periodic table as numbers, for every kind of material that is made of elements. */
export { facts, shannonRadius } from "./facts.ts";
export { mixingEnthalpy } from "./miedema.ts";
export { readElementTable } from "./read.ts";
export { elementTable, elementValue } from "./table.ts";
export type { ElementFacts, ElementProperty, ElementTable, MiedemaParameters, OxidationState, ShannonRadius } from "./types.ts";
