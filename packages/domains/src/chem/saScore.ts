/*
 * Synthetic accessibility from 1 (easy) to 10 (hard): how common a structure's circular fragments are in PubChem,
 * less penalties for size, stereocentres, spiro and bridgehead atoms and macrocycles. P. Ertl & A. Schuffenhauer,
 * J. Cheminform. 1 (2009) 8, doi 10.1186/1758-2946-1-8, in the form of RDKit's contributed program version 1.1.
 * The fragment table is stored with 28 of 32 id bits and scores to 0.01: the result is within 0.02 of the original.
 */
import type { Mol } from "@rdkit/rdkit";
import { one } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { ecfp4 } from "./circular.ts";
import { saTable } from "./data/saTable.ts";
import { mix } from "./mix.ts";
import { graphOf, symmetricRings, withMol } from "./rdkit.ts";
import { topologyOf } from "./topology.ts";
import type { Rdkit } from "./types.ts";

const UNKNOWN = -4; // score of a fragment that the table lacks
const MACROCYCLE = 8; // largest ordinary ring

/** SA score of a parsed molecule. */
export function saScoreOf(mol: Mol): number {
  const topology = topologyOf(graphOf(mol));
  const stereo = JSON.parse(mol.get_stereo_tags()) as { readonly CIP_atoms: readonly unknown[] };
  const counts = ecfp4(topology);
  let [sum, total] = [0, 0];
  for (const [id, count] of counts) {
    sum += fragmentScore(id) * count;
    total += count;
  }
  const atoms = topology.graph.atoms.length;
  const symmetry = atoms > counts.size ? Math.log(atoms / counts.size) / 2 : 0;
  return scaled(sum / total - penalty(atoms, symmetricRings(mol), stereo.CIP_atoms.length) + symmetry);
}

function penalty(atoms: number, rings: readonly (readonly number[])[], stereocentres: number): number {
  const { spiro, bridgeheads } = junctions(rings);
  const macrocycle = rings.some((ring) => ring.length > MACROCYCLE) ? Math.log10(2) : 0;
  return atoms ** 1.005 - atoms + Math.log10(stereocentres + 1) + Math.log10(spiro + 1) + Math.log10(bridgeheads + 1) + macrocycle;
}

/** Raw scores of −4 … 2.5 mapped to 10 … 1, the hard end smoothed. */
function scaled(raw: number): number {
  const linear = 11 - ((raw + 5) / 6.5) * 9;
  const smooth = linear > 8 ? 8 + Math.log(linear - 8) : linear;
  return Math.min(10, Math.max(1, smooth));
}

/** Atoms where two rings meet in one atom only, and atoms where rings that share several bonds part. Rings as atoms in order. */
export function junctions(rings: readonly (readonly number[])[]): { readonly spiro: number; readonly bridgeheads: number } {
  const [spiro, bridgeheads] = [new Set<number>(), new Set<number>()];
  const bonds = rings.map((ring) => ring.map((atom, i) => [atom, ring[(i + 1) % ring.length]!] as const));
  for (let i = 0; i < rings.length; i++) {
    for (let j = 0; j < i; j++) {
      const atoms = rings[i]!.filter((atom) => rings[j]!.includes(atom));
      if (atoms.length === 1) spiro.add(atoms[0]!);
      if (atoms.length < 3) continue;
      const ends = bonds[i]!.filter(([a, b]) => bonds[j]!.some(([c, d]) => (a === c && b === d) || (a === d && b === c))).flat();
      if (ends.length >= 4) for (const atom of ends) if (ends.indexOf(atom) === ends.lastIndexOf(atom)) bridgeheads.add(atom);
    }
  }
  return { spiro: spiro.size, bridgeheads: bridgeheads.size };
}

interface Decoded {
  /** Upper bits of the fragments' mixed ids, ascending. */
  readonly keys: Uint32Array;
  readonly classes: Uint16Array;
}

let table: Decoded | undefined; // decoded at first use, about 30 ms

export function fragmentScore(id: number): number {
  table ??= decode();
  const key = mix(id) >>> saTable.droppedBits;
  let [low, high] = [0, table.keys.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = table.keys[middle]!;
    if (found === key) return saTable.scores[table.classes[middle]!]!;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return UNKNOWN;
}

/** Rice-coded gaps, each followed by its class in Elias gamma code; see tools/sa-score/make.ts. */
function decode(): Decoded {
  const text = atob(saTable.stream);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  let at = 0;
  const bit = () => (bytes[at >>> 3]! >>> (7 - (at++ & 7))) & 1;
  const read = (width: number, start = 0) => {
    let value = start;
    for (let i = 0; i < width; i++) value = (value << 1) | bit();
    return value;
  };
  const run = (of: number) => {
    let n = 0;
    while (bit() === of) n++;
    return n;
  };
  const [keys, classes] = [new Uint32Array(saTable.fragments), new Uint16Array(saTable.fragments)];
  for (let i = 0, last = -1; i < saTable.fragments; i++) {
    const high = run(1);
    last += ((high << saTable.riceBits) | read(saTable.riceBits)) + 1;
    keys[i] = last;
    classes[i] = read(run(0), 1) - 1;
  }
  return { keys, classes };
}

/** One feature. `textOf` gives the structure that is judged. */
export const saScore = <S>(rdkit: Rdkit, textOf: (s: S) => string): Descriptor<S> => ({
  id: "sa",
  about: "synthetic accessibility (Ertl & Schuffenhauer 2009), 1 easy to 10 hard",
  features: [{ name: "sa_score", unit: one, block: "sa", about: "synthetic accessibility, 1 easy to 10 hard" }],
  write: (s, row) => void (row[0] = withMol(rdkit, textOf(s), saScoreOf)),
});
