/*
 * The program xtb: GFN-FF and GFN2-xTB optimisations and single points of one geometry.
 * Bannwarth, Ehlert & Grimme, J. Chem. Theory Comput. 15 (2019) 1652, doi 10.1021/acs.jctc.8b01176;
 * Spicher & Grimme, Angew. Chem. Int. Ed. 59 (2020) 15665, doi 10.1002/anie.202004239.
 *
 * Each run has a directory of its own, one thread, and the charge and unpaired electrons of the structure. The dipole
 * that `--opt --json` writes is that of the initial geometry (xtb issue 1301), so properties always come from a single
 * point at the final geometry. The printed polarizability is a sum over atoms.
 */
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnsupportedError } from "@tatara/engine/base";
import type { Context } from "@tatara/engine/base";
import { bondChange } from "@tatara/domains/chem/geometry";
import type { Geometry } from "@tatara/domains/chem/geometry";
import { runProgram, isMissing } from "./program.ts";
import { withScratch } from "./scratch.ts";
import { ATOMIC_DIPOLE, CUBIC_BOHR, HARTREE } from "./units.ts";
import { fromXyz, toXyz } from "./xyz.ts";

/** How tightly an optimisation converges; xtb's own names. */
export type OptLevel = "crude" | "loose" | "normal" | "tight";
export type Method = "gfnff" | "gfn2";

export interface SinglePoint {
  /** HOMO-LUMO orbital gap, eV. */
  readonly gap: number;
  /** Orbital energies, eV. */
  readonly homo: number;
  readonly lumo: number;
  /** Debye. */
  readonly dipole: number;
  /** Total energy, eV. */
  readonly energy: number;
  /** Static polarizability of each atom in cubic angstrom (D4 model), in the geometry's order. */
  readonly polarizabilities: readonly number[];
}

/** A step that broke down; the message says how, in words. */
export class XtbFailure extends Error {
  override readonly name = "XtbFailure";
}

const ENVIRONMENT = { OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", OMP_STACKSIZE: "256M" };
const INSTALL = "install it (apt install xtb; conda install -c conda-forge xtb; brew install xtb) and see that it is on the PATH";

/** "xtb 6.5.1". Throws UnsupportedError when the program cannot be started. */
export async function xtbVersion(command: string, ctx: Context): Promise<string> {
  const { output, errors } = await start(command, ["--version"], tmpdir(), ctx.signal);
  const version = /xtb version (\S+)/.exec(output + errors)?.[1];
  if (version === undefined) throw new UnsupportedError(`not xtb: "${command}" answers --version with something else — ${INSTALL}`);
  return `xtb ${version}`;
}

async function start(command: string, args: readonly string[], directory: string, signal: AbortSignal) {
  try {
    return await runProgram({ command, args, directory, environment: ENVIRONMENT, signal });
  } catch (error) {
    if (isMissing(error)) throw new UnsupportedError(`xtb not found: "${command}" — ${INSTALL}`, { cause: error });
    throw error;
  }
}

const stateOf = ({ charge, unpaired }: Geometry): string[] => ["--chrg", String(charge), "--uhf", String(unpaired)];
const methodArgs = (method: Method): string[] => (method === "gfnff" ? ["--gfnff"] : ["--gfn", "2"]);

/** The optimised geometry and its energy in eV. Throws XtbFailure when it does not converge or a bond changed. */
export function optimise(command: string, geometry: Geometry, method: Method, level: OptLevel, signal: AbortSignal): Promise<{ readonly geometry: Geometry; readonly energy: number }> {
  return withScratch(async (directory) => {
    await writeFile(join(directory, "start.xyz"), toXyz(geometry));
    const run = await start(command, ["start.xyz", ...methodArgs(method), "--opt", level, ...stateOf(geometry)], directory, signal);
    const name = method === "gfnff" ? "GFN-FF" : "GFN2";
    if (run.status !== 0) throw new XtbFailure(reasonOf(run.errors + run.output, `${name} optimisation`));
    const positions = fromXyz(await readFile(join(directory, "xtbopt.xyz"), "utf8"), geometry.elements.length);
    if (!positions) throw new XtbFailure(`${name} optimisation left no geometry`);
    const change = bondChange(geometry.elements, geometry.bonds, positions);
    if (change) throw new XtbFailure(`${change} (${name} optimisation)`);
    return { geometry: { ...geometry, positions }, energy: energyIn(run.output) };
  });
}

/** Properties at the geometry as it is. Throws XtbFailure when the self-consistent field does not converge. */
export function singlePoint(command: string, geometry: Geometry, signal: AbortSignal): Promise<SinglePoint> {
  return withScratch(async (directory) => {
    await writeFile(join(directory, "at.xyz"), toXyz(geometry));
    const run = await start(command, ["at.xyz", "--gfn", "2", "--json", ...stateOf(geometry)], directory, signal);
    if (run.status !== 0) throw new XtbFailure(reasonOf(run.errors + run.output, "GFN2 single point"));
    return readSinglePoint(await readFile(join(directory, "xtbout.json"), "utf8"), run.output, geometry.elements.length);
  });
}

function energyIn(output: string): number {
  const energy = Number(/TOTAL ENERGY\s+(-?[\d.]+) Eh/.exec(output)?.[1]);
  if (!Number.isFinite(energy)) throw new XtbFailure("xtb printed no total energy");
  return energy * HARTREE;
}

interface XtbJson {
  readonly "total energy": number;
  readonly "HOMO-LUMO gap/eV": number;
  readonly dipole: readonly [number, number, number];
  readonly "orbital energies/eV": readonly number[];
  readonly "fractional occupation": readonly number[];
}

function readSinglePoint(json: string, output: string, atoms: number): SinglePoint {
  const told = JSON.parse(json) as XtbJson;
  const orbitals = told["orbital energies/eV"];
  const homo = told["fractional occupation"].findLastIndex((occupation) => occupation >= 0.5);
  const result = {
    gap: told["HOMO-LUMO gap/eV"],
    homo: orbitals[homo] ?? Number.NaN,
    lumo: orbitals[homo + 1] ?? Number.NaN,
    dipole: Math.hypot(...told.dipole) * ATOMIC_DIPOLE,
    energy: told["total energy"] * HARTREE,
    polarizabilities: atomicPolarizabilities(output),
  };
  if (result.polarizabilities.length !== atoms) throw new XtbFailure(`xtb printed ${result.polarizabilities.length} polarizabilities for ${atoms} atoms`);
  if (![result.gap, result.dipole, result.energy].every(Number.isFinite)) throw new XtbFailure("xtb printed a number that is not finite");
  return result;
}

/** The last column of the table `#   Z   covCN   q   C6AA   α(0)`, converted from cubic bohr. */
function atomicPolarizabilities(output: string): number[] {
  const table = /α\(0\)\n((?:\s*\d+\s+\d+\s+\S+(?:\s+-?[\d.]+){4}\n)+)/.exec(output)?.[1] ?? "";
  return table
    .trimEnd()
    .split("\n")
    .map((line) => Number(line.trim().split(/\s+/).at(-1)) * CUBIC_BOHR);
}

/** What went wrong, from xtb's own words. */
function reasonOf(text: string, step: string): string {
  if (/self consistent charge iterator did not converge|SCF not converged|scc? .*not converge/i.test(text)) return `the self-consistent field did not converge (${step})`;
  if (/FAILED TO CONVERGE GEOMETRY|geometry optimization.*(did not|not) converge/i.test(text)) return `the geometry did not converge (${step})`;
  const told = [...text.matchAll(/-\d+-\s*(.+)/g)].map((match) => match[1]!.trim());
  return `xtb stopped: ${told.at(-1) ?? "no reason given"} (${step})`;
}
