/*
 * Fits the calibration of the refractive index to measured indices of amorphous polymers (literature.csv), and says
 * how well it does on polymers that it was not fitted to.
 *
 *   node tools/optical-polymers/calibrate.ts [--resume dir]
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { elements, loadRdkit } from "@tatara/domains/chem";
import { polymer } from "@tatara/domains/polymer";
import { key, quiet } from "@tatara/engine/base";
import { CALIBRATION, isFailure, opticalPolymer, refractiveIndex } from "@tatara/studies/calculators";
import type { Calibration } from "@tatara/studies/calculators";
import { inLanes } from "./lanes.ts";

interface Measured {
  readonly name: string;
  readonly index: number;
  /** g/cm³; NaN where not typed. */
  readonly density: number;
  readonly polarizability: number;
  readonly volume: number;
  /** g/mol of the repeat unit. */
  readonly mass: number;
}

const AVOGADRO = 0.602214076; // mol⁻¹, times 1e-24 cm³/Å³
/** Above this an index is called high: where the shipped target lies. */
const HIGH = 1.6;

const { values: flags } = parseArgs({ options: { resume: { type: "string", default: join(import.meta.dirname, ".cache") } } });
const rdkit = await loadRdkit();
const { codec } = polymer(rdkit);
const calculator = opticalPolymer({ rdkit, canonical: (unit) => codec.key(codec.parse(unit)), cache: flags.resume, limit: 600 });
const measured = await compute();

const packing = Number(mean(measured.filter(({ density }) => density > 0).map(packingOf)).toFixed(3));
const full = fit(measured, { packing, scale: 1, exponent: 0 }, ["scale", "exponent"]);
console.log(`${measured.length} polymers; packing ${packing} from ${measured.filter(({ density }) => density > 0).length} densities (sd ${sd(measured.filter(({ density }) => density > 0).map(packingOf)).toFixed(3)})`);
console.log(`fitted: scale ${full.scale.toFixed(4)}, exponent ${full.exponent.toFixed(4)}; in use: ${JSON.stringify(CALIBRATION)}`);
for (const { name, index, ...m } of measured) console.log(`${name.padEnd(68)} ${index.toFixed(4)} ${refractiveIndex(m.polarizability, m.volume, full).toFixed(4)} ${(refractiveIndex(m.polarizability, m.volume, full) - index).toFixed(4)}`);
for (const free of [["scale"], ["scale", "exponent"]] as const) {
  const start = { packing, scale: 1, exponent: 0 };
  tell(`fit of ${free.join(" and ")}, in-sample`, measured.map((m) => errorOf(m, fit(measured, start, free))), measured);
  tell(`fit of ${free.join(" and ")}, leave one out`, measured.map((m) => errorOf(m, fit(measured.filter((other) => other !== m), start, free))), measured);
}
tell("in use", measured.map((m) => errorOf(m, CALIBRATION)), measured);

async function compute(): Promise<readonly Measured[]> {
  const rows = parse<{ name: string; unit: string; n_D: string; density: string }>(readFileSync(join(import.meta.dirname, "literature.csv")), { columns: true });
  const found: Measured[] = [];
  await inLanes(rows, 2, async ({ name, unit, n_D, density }) => {
    const result = await calculator.calculate(unit, key(1), quiet);
    if (isFailure(result)) return console.log(`${name}: ${result.failure}`);
    const { polarizability, vdw_volume: volume } = result.values;
    found.push({ name, index: Number(n_D), density: density === "" ? Number.NaN : Number(density), polarizability: polarizability!, volume: volume!, mass: massOf(unit) });
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function massOf(unit: string): number {
  return codec.parse(unit).repeat.atoms.reduce((sum, { z, hydrogens }) => sum + elements[z]!.weight + hydrogens * elements[1]!.weight, 0);
}

function packingOf({ density, volume, mass }: Measured): number {
  return (density * AVOGADRO * volume) / mass;
}

function errorOf({ polarizability, volume, index }: Measured, calibration: Calibration): number {
  return refractiveIndex(polarizability, volume, calibration) - index;
}

/** Least squares in n over one or two parameters, by Gauss-Newton with numerical derivatives. */
function fit(rows: readonly Measured[], start: Calibration, free: readonly ("scale" | "exponent")[]): Calibration {
  let now = start;
  const STEP = 1e-5;
  for (let turn = 0; turn < 50; turn++) {
    const errors = rows.map((row) => errorOf(row, now));
    const slopes = free.map((name) => rows.map((row, i) => (errorOf(row, { ...now, [name]: now[name] + STEP }) - errors[i]!) / STEP));
    const normal = slopes.map((a) => slopes.map((b) => dot(a, b)));
    const gradient = slopes.map((a) => dot(a, errors));
    const moves = free.length === 1 ? [gradient[0]! / normal[0]![0]!] : solve2(normal, gradient);
    now = Object.assign({}, now, Object.fromEntries(free.map((name, p) => [name, now[name] - moves[p]!])));
  }
  return now;
}

function solve2([[a, b], [c, d]]: readonly (readonly number[])[] & { length: number }, [e, f]: readonly number[]): number[] {
  const determinant = a! * d! - b! * c!;
  return [(e! * d! - b! * f!) / determinant, (a! * f! - c! * e!) / determinant];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}
function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
function sd(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
}

function tell(what: string, errors: readonly number[], rows: readonly Measured[]): void {
  const high = errors.filter((_, i) => rows[i]!.index >= HIGH);
  console.log(`${what}: mean absolute error ${mean(errors.map(Math.abs)).toFixed(4)}, bias ${mean(errors).toFixed(4)}, root mean square ${Math.sqrt(mean(errors.map((e) => e * e))).toFixed(4)}; where n >= ${HIGH} (${high.length}): bias ${mean(high).toFixed(4)}`);
}
