/*
 * The RDKit handle: text → sanitised molecule or a reason, and molecule → plain graph.
 * RDKit objects live in wasm memory that no garbage collector frees: whoever gets a `Mol` deletes it, and
 * `withMol` does so by itself. A chain of about 1,000 atoms overflows RDKit's stack and kills the instance for
 * good, hence the caps, which are checked on the text before RDKit sees it.
 */
import type { Log, Mol } from "@rdkit/rdkit";
import { InputError } from "@tatara/engine/base";
import { reasonOf, shown } from "./reasons.ts";
import type { Atom, Bond, Graph, Rdkit } from "./types.ts";

/** Largest structure that RDKit's recursive code handles safely. */
export const CAPS = { atoms: 400, characters: 800 } as const;

const ALPHABET = /^[A-Za-z0-9@+\-[\]()=#$:/\\.%*<>]*$/;
const ATOM = /\[[^\]]*\]|Br|Cl|[BCNOPSFI*bcnops]/g;
const logs = new WeakMap<Rdkit, Log | null>();

/** RDKit's error log of this instance; capturing it also keeps errors off the console, where warnings do not belong either. */
export function errorLog(rdkit: Rdkit): Log | null {
  if (!logs.has(rdkit)) {
    rdkit.disable_logging("rdApp.warning");
    logs.set(rdkit, rdkit.set_log_capture("rdApp.error"));
  }
  return logs.get(rdkit) ?? null;
}

/** Why a text may not even be shown to RDKit. */
function refusal(text: string): string | undefined {
  if (text === "") return "empty text";
  if (text.length > CAPS.characters) return `${text.length} characters, at most ${CAPS.characters}`;
  if (!ALPHABET.test(text)) {
    const at = [...text].findIndex((c) => !ALPHABET.test(c));
    return `character ${at + 1} (${JSON.stringify([...text][at])}) does not occur in a structure`;
  }
  const atoms = text.match(ATOM)?.length ?? 0;
  return atoms > CAPS.atoms ? `${atoms} atoms, at most ${CAPS.atoms}` : undefined;
}

/**
 * A sanitised molecule, which the caller deletes, or the reason why there is none: "unclosed ring 1",
 * "valence 5 on carbon atom 3". Blanks around the text are ignored. A dead instance throws WebAssembly.RuntimeError.
 */
export function readMol(rdkit: Rdkit, input: string): { readonly mol: Mol } | { readonly reason: string } {
  const text = input.trim();
  const refused = refusal(text);
  if (refused !== undefined) return { reason: refused };
  const log = errorLog(rdkit);
  log?.clear_buffer();
  let mol: Mol | null = null;
  try {
    mol = rdkit.get_mol(text);
  } catch (error) {
    // A WebAssembly.Exception is no Error: RDKit refuses without a word. A trap is one: the instance is broken.
    if (error instanceof Error) throw error;
  }
  return mol === null ? { reason: reasonOf(log?.get_buffer() ?? "", text) } : { mol };
}

/** Like readMol, but throws InputError with the reason. The caller deletes the molecule. */
export function parseMol(rdkit: Rdkit, text: string): Mol {
  const read = readMol(rdkit, text);
  if ("mol" in read) return read.mol;
  throw new InputError(`not a structure: ${shown(text)} — ${read.reason}`, { value: text });
}

/** Use the molecule of a text and delete it whatever happens. Throws InputError with the reason. */
export function withMol<T>(rdkit: Rdkit, text: string, use: (mol: Mol) => T): T {
  const mol = parseMol(rdkit, text);
  try {
    return use(mol);
  } finally {
    mol.delete();
  }
}

interface JsonAtom { readonly z?: number; readonly impHs?: number; readonly chg?: number; readonly nRad?: number; readonly isotope?: number; readonly stereo?: string }
interface JsonBond { readonly bo?: number; readonly atoms: readonly [number, number]; readonly stereo?: string; readonly stereoAtoms?: readonly [number, number] }
interface JsonMol { readonly atoms?: readonly JsonAtom[]; readonly bonds?: readonly JsonBond[]; readonly extensions?: readonly { readonly aromaticAtoms?: readonly number[]; readonly aromaticBonds?: readonly number[]; readonly atomRings?: readonly (readonly number[])[] }[] }

const DATIVE = 17;

const jsonOf = (mol: Mol): JsonMol => (JSON.parse(mol.get_json()) as { molecules: [JsonMol] }).molecules[0];

/** RDKit's rings, atoms in order: of equivalent rings all, so a cage has more of them than a smallest set. */
export const symmetricRings = (mol: Mol): readonly (readonly number[])[] => jsonOf(mol).extensions?.[0]?.atomRings ?? [];

/** The plain, frozen graph of a sanitised molecule, atoms and bonds in its order. Throws InputError at a bond of no definite order. */
export function graphOf(mol: Mol): Graph {
  const { atoms = [], bonds = [], extensions = [] } = jsonOf(mol);
  const { aromaticAtoms = [], aromaticBonds = [] } = extensions[0] ?? {};
  const [ringAtoms, ringBonds] = [new Set(aromaticAtoms), new Set(aromaticBonds)];
  const around: number[][] = atoms.map(() => []);
  for (const { atoms: [a, b] } of bonds) {
    around[a]!.push(b);
    around[b]!.push(a);
  }
  return Object.freeze({
    atoms: Object.freeze(atoms.map((atom, i) => Object.freeze(atomOf(atom, ringAtoms.has(i), around[i]!)))),
    bonds: Object.freeze(bonds.map((bond, i) => Object.freeze(bondOf(bond, ringBonds.has(i))))),
  });
}

/** RDKit's parity runs over the neighbours in bond order, an implicit hydrogen or lone pair last. */
function atomOf({ z = 6, impHs = 0, chg = 0, nRad = 0, isotope = 0, stereo }: JsonAtom, aromatic: boolean, around: readonly number[]): Atom {
  const plain = { z, charge: chg, hydrogens: impHs, isotope, aromatic, radicals: nRad };
  if ((stereo !== "cw" && stereo !== "ccw") || around.length < 3 || around.length > 4) return plain;
  return { ...plain, stereo: Object.freeze({ order: Object.freeze(around.length === 4 ? [...around] : [...around, -1]), ccw: stereo === "ccw" }) };
}

function bondOf({ bo = 1, atoms: [a, b], stereo, stereoAtoms }: JsonBond, aromatic: boolean): Bond {
  if (bo !== DATIVE && (bo < 1 || bo > 4)) throw new InputError(`bond of no definite order: atoms ${a + 1} and ${b + 1} — write a single, double, triple or ring-aromatic bond`, { value: bo });
  const plain = { a, b, order: bo === DATIVE ? 1 : bo, aromatic };
  if ((stereo !== "cis" && stereo !== "trans") || !stereoAtoms) return plain;
  return { ...plain, stereo: Object.freeze({ refA: stereoAtoms[0], refB: stereoAtoms[1], cis: stereo === "cis" }) };
}
