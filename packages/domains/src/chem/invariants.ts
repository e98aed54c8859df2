/*
 * What an atom is before its neighbours are looked at: connectivity invariants (ECFP) and pharmacophore features
 * (FCFP), both RDKit's definitions (Rogers & Hahn 2010; the feature patterns of A. Gobbi & D. Poppinger, Biotechnol.
 * Bioeng. 61 (1998) 47), written as conditions on our graphs so that they see across a polymer's link.
 */
import { hashSequence } from "./morgan.ts";
import { elements } from "./elements.ts";
import type { Topology } from "./topology.ts";
import type { Atom } from "./types.ts";

/** Atomic number, degree, hydrogens, charge, isotope and ring membership of each atom, hashed. */
export const connectivity = ({ graph, neighbours, atomInRing }: Topology): Uint32Array =>
  Uint32Array.from(graph.atoms, (atom, i) => {
    const hydrogens = neighbours[i]!.reduce((sum, next) => sum + Number(graph.atoms[next.atom]!.z === 1), atom.hydrogens);
    const parts = [atom.z, neighbours[i]!.length + atom.hydrogens, hydrogens, atom.charge, massShift(atom)];
    return hashSequence(atomInRing[i] === 1 ? [...parts, 1] : parts) >>> 0;
  });

/** Nuclides whose mass lies so close to a whole number above the atomic weight that the cut to an integer decides. */
const EXACT: Readonly<Record<string, number>> = { "1:2": 2.0141, "1:3": 3.016, "6:11": 11.0114, "6:13": 13.0034, "6:14": 14.0032, "7:15": 15.0001, "8:17": 16.9991, "8:18": 17.9992, "9:18": 18.0009, "15:32": 31.9739, "16:35": 34.969, "53:125": 124.9046 };

/** Whole mass units above the element's weight, cut towards zero. */
const massShift = ({ z, isotope }: Atom): number => (isotope === 0 ? 0 : Math.trunc((EXACT[`${z}:${isotope}`] ?? isotope) - elements[z]!.weight));

/** Bit set of donor 1, acceptor 2, aromatic 4, halogen 8, basic 16, acidic 32. */
export const features = (topology: Topology): Uint32Array =>
  Uint32Array.from(topology.graph.atoms, (atom, i) => {
    const around = surroundings(topology, i);
    return (
      Number(isDonor(atom, around)) | (Number(isAcceptor(atom, around)) << 1) | (Number(atom.aromatic) << 2) |
      (Number([9, 17, 35, 53].includes(atom.z)) << 3) | (Number(isBasic(atom, around)) << 4) | (Number(isAcidic(atom, around)) << 5)
    );
  });

/** An atom's bonds, each with the atom behind it and that atom's own bonds. */
interface Arm {
  readonly order: number;
  readonly aromatic: boolean;
  readonly atom: Atom;
  readonly beyond: () => readonly Arm[];
}

const surroundings = (topology: Topology, at: number): readonly Arm[] =>
  topology.neighbours[at]!.map(({ atom, bond }) => ({
    order: topology.graph.bonds[bond]!.order,
    aromatic: topology.graph.bonds[bond]!.aromatic,
    atom: topology.graph.atoms[atom]!,
    beyond: () => surroundings(topology, atom),
  }));

const valence = (atom: Atom, around: readonly Arm[]): number => around.reduce((sum, { order }) => sum + order, atom.hydrogens);
const doubleTo = (arms: readonly Arm[], zs: readonly number[]): boolean => arms.some(({ order, aromatic, atom }) => order === 2 && !aromatic && !atom.aromatic && zs.includes(atom.z));
/** Singly bonded to an atom that is doubly bonded to O, N, P or S: an amide-like lone pair. */
const besideDouble = (around: readonly Arm[]): boolean => around.some(({ order, aromatic, beyond }) => order === 1 && !aromatic && doubleTo(beyond(), [7, 8, 15, 16]));

function isDonor(atom: Atom, around: readonly Arm[]): boolean {
  const { z, aromatic, hydrogens, charge } = atom;
  if (z === 7 && aromatic) return hydrogens === 1 && charge === 0;
  if (aromatic || hydrogens === 0) return false;
  if (z === 7) return valence(atom, around) === 3 || (valence(atom, around) === 4 && charge === 1);
  return (z === 8 || z === 16) && hydrogens === 1 && charge === 0;
}

function isAcceptor(atom: Atom, around: readonly Arm[]): boolean {
  const { z, aromatic, hydrogens, charge } = atom;
  if (z === 7) return aromatic ? hydrogens === 0 && charge === 0 : valence(atom, around) === 3 && !besideDouble(around);
  if (z !== 8 && z !== 16) return false;
  if (aromatic) return charge === 0 && !nearAromaticNitrogen(around);
  if (charge === -1) return true;
  return valence(atom, around) === 2 && (hydrogens === 0 || (hydrogens === 1 && !besideDouble(around)));
}

/** Bonded to aromatic n, or to an aromatic c that is. */
const nearAromaticNitrogen = (around: readonly Arm[]): boolean =>
  around.some(({ aromatic, atom, beyond }) => aromatic && (atom.z === 7 || (atom.z === 6 && beyond().some((next) => next.aromatic && next.atom.z === 7 && next.atom.aromatic))));

function isBasic({ z, aromatic, hydrogens, charge }: Atom, around: readonly Arm[]): boolean {
  if (z !== 7) return false;
  if (charge === 1) return true;
  if (aromatic || charge !== 0 || hydrogens > 2) return false;
  const bare = ({ order, aromatic: inRing, atom, beyond }: Arm) => (order === 1 || inRing) && !doubleTo(beyond(), [8]) && (atom.z === 6 || (atom.aromatic && hydrogens > 0));
  const alkyl = (arm: Arm) => bare(arm) && (hydrogens > 0 || !arm.atom.aromatic);
  return around.filter(alkyl).length >= 3 - hydrogens;
}

/** A carbonyl- or sulfonyl-like centre of an acid. */
const isAcidic = ({ z, aromatic }: Atom, around: readonly Arm[]): boolean =>
  (z === 6 || z === 16) && !aromatic && doubleTo(around, [8, 15, 16]) &&
  around.some(({ order, atom }) => order === 1 && atom.z === 8 && !atom.aromatic && (atom.hydrogens === 1 || atom.charge === -1));
