/* @tatara/domains/chem: the toolkit handle and structure helpers, for calculators, data tools and reports. */
export type { Atom, Bond, Graph, Rdkit } from "./types.ts";
export { loadRdkit } from "./load.ts";
export { CAPS, graphOf, parseMol, readMol, withMol } from "./rdkit.ts";
export { atomicNumber, elements } from "./elements.ts";
export { drawStructure } from "./draw.ts";
export { saScoreOf } from "./saScore.ts";
export { qedOf } from "./qed.ts";
export { huckel } from "./huckel.ts";
export { refractionOf } from "./refraction.ts";
export { periodicTopology, topologyOf } from "./topology.ts";
export type { Topology } from "./topology.ts";
export { circular, ecfp4 } from "./circular.ts";
export { tanimotoBits, tanimotoCounts } from "./tanimoto.ts";
export { hasMatch, matchesOf, pattern } from "./patterns.ts";
