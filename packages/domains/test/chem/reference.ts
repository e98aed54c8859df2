/* Where the tests find RDKit and the shared reference values (made with python3-rdkit 2022.09.3). */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { loadRdkit } from "../../src/chem/load.ts";
import { periodicTopology } from "../../src/chem/topology.ts";
import type { Topology } from "../../src/chem/topology.ts";
import type { Graph } from "../../src/chem/types.ts";

/** One RDKit instance per test file. */
export const rdkit = await loadRdkit();

const SHARED = new URL("../../../../../shared/data/", import.meta.url);

/** The lines of a shared file (gunzipped when .gz), or undefined with a notice when it is not on this machine. */
export function sharedLines(path: string): readonly string[] | undefined {
  const url = new URL(path, SHARED);
  if (!existsSync(url)) return undefined;
  const bytes = readFileSync(url);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split(/\r?\n/).filter((line) => line !== "");
}

/** One row of ref-rdkit-computed/molecules.jsonl.gz. */
export interface Reference {
  readonly smiles: string;
  readonly canonical: string;
  readonly canonical_no_stereo: string;
  readonly formula: string;
  readonly mol_wt: number;
  readonly heavy_atoms: number;
  readonly rings: number;
  readonly ring_sizes: readonly number[];
  readonly aromatic_rings: number;
  readonly aromatic_atoms: number;
  readonly hbd: number;
  readonly hba: number;
  readonly rot_bonds_strict: number;
  readonly tpsa: number;
  readonly crippen_logp: number;
  readonly crippen_mr: number;
  readonly fraction_csp3: number;
  readonly qed: number | null;
  readonly sa_score: number | null;
  readonly morgan2_2048: readonly number[];
  readonly morgan2_counts: Readonly<Record<string, number>>;
  readonly maccs: readonly number[];
  readonly murcko: string;
}

/** The 1,200 reference structures; empty when the shared data are absent. */
export const references: readonly Reference[] = (sharedLines("ref-rdkit-computed/molecules.jsonl.gz") ?? []).map((line) => JSON.parse(line) as Reference);

/** Name of a test that needs shared data: says so when it is going to be skipped. */
export const needsShared = (claim: string, present: boolean): string => (present ? claim : `${claim} (SKIPPED: ../shared/data is not on this machine)`);

/** The infinite chain of a repeat unit written with two `*`, without help from the polymer domain. */
export function chainOf({ atoms, bonds }: Graph): Topology {
  const kept = atoms.flatMap(({ z }, i) => (z === 0 ? [] : [i]));
  const [head, tail] = bonds.flatMap(({ a, b }) => (atoms[a]!.z === 0 ? [b] : atoms[b]!.z === 0 ? [a] : [])) as [number, number];
  const inner = bonds.filter(({ a, b }) => atoms[a]!.z !== 0 && atoms[b]!.z !== 0).map(({ a, b, order, aromatic }) => ({ a: kept.indexOf(a), b: kept.indexOf(b), order, aromatic }));
  return periodicTopology({ atoms: kept.map((i) => atoms[i]!), bonds: inner }, { head: kept.indexOf(head), tail: kept.indexOf(tail) });
}
