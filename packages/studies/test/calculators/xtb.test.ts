import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { graphOf, loadRdkit, withMol } from "@tatara/domains/chem";
import { coordinates } from "@tatara/domains/chem/geometry";
import type { Geometry } from "@tatara/domains/chem/geometry";
import { key, quiet, UnsupportedError } from "@tatara/engine/base";
import { isFailure, refractiveIndex, xtb } from "../../src/calculators/index.ts";
import { optimise, singlePoint } from "../../src/calculators/xtb.ts";

const rdkit = await loadRdkit();
const directory = mkdtempSync(join(tmpdir(), "tatara-xtb-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const never = new AbortController().signal;

const hasXtb = (() => {
  try {
    execFileSync("xtb", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** A stand-in for xtb that answers --version and then does what `body` (sh) says. */
function fakeXtb(name: string, body: string): string {
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = "--version" ]; then echo "xtb version 9.9.9"; exit 0; fi\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const buildOf = (text: string): Geometry => coordinates(withMol(rdkit, text, graphOf), key(1)) as Geometry;

describe("without the program", () => {
  const calculator = xtb({ rdkit, command: "/no/such/xtb" });

  test("the version throws and tells how to install it", async () => {
    await expect(calculator.version(quiet)).rejects.toThrow(UnsupportedError);
    await expect(calculator.version(quiet)).rejects.toThrow(/xtb not found: .* — install it \(apt install xtb/);
  });

  test("a calculation is a failure of kind missing", async () => {
    expect(await calculator.calculate("CCO", key(1), quiet)).toMatchObject({ kind: "missing", failure: expect.stringContaining("install it") as string });
  });

  test("another program of that name is not taken for xtb", async () => {
    await expect(xtb({ rdkit, command: "/bin/echo" }).version(quiet)).rejects.toThrow(/not xtb/);
  });
});

test.each([
  ["not a structure", "C1CC", "structure"],
  ["two fragments", "CCO.CCO", "structure"],
  ["an open end", "*CC*", "structure"],
  ["an unknown element", "[U]", "structure"],
])("%s is a failure in words", async (_, text, kind) => {
  const result = await xtb({ rdkit, command: fakeXtb("unused", "exit 1") }).calculate(text, key(1), quiet);
  expect(result).toMatchObject({ kind, failure: expect.stringMatching(/\S/) as string });
});

test("a self-consistent field that does not converge is told so", async () => {
  const command = fakeXtb("scf", 'echo "-1- scf: Self consistent charge iterator did not converge" >&2; exit 1');
  await expect(singlePoint(command, buildOf("CO"), never)).rejects.toThrow("the self-consistent field did not converge (GFN2 single point)");
});

test("an optimisation that moves atoms apart is told by the bond that broke", async () => {
  const water = buildOf("O");
  const command = fakeXtb("broken", 'printf "3\\n\\nO 0 0 0\\nH 0 0 0.96\\nH 0 0 5\\n" > xtbopt.xyz; echo "| TOTAL ENERGY  -5.0 Eh"');
  await expect(optimise(command, water, "gfn2", "normal", never)).rejects.toThrow("a bond broke: O1-H3 (GFN2 optimisation)");
});

test("a calculation that hangs is stopped at the limit", async () => {
  const started = performance.now();
  const result = await xtb({ rdkit, command: fakeXtb("hangs", "sleep 60"), limit: 1 }).calculate("CCO", key(1), quiet);
  expect(result).toEqual({ failure: "timed out after 1 s", kind: "time" });
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("an abort ends the calculation with its own reason and leaves no scratch directory", async () => {
  const scratch = join(directory, "scratch");
  mkdirSync(scratch);
  vi.stubEnv("TMPDIR", scratch);
  const stop = new AbortController();
  const run = xtb({ rdkit, command: fakeXtb("waits", "sleep 60") }).calculate("CCO", key(1), { ...quiet, signal: stop.signal });
  await vi.waitUntil(() => readdirSync(scratch).length > 0);
  stop.abort(new Error("enough"));
  await expect(run).rejects.toThrow("enough");
  expect(readdirSync(scratch)).toEqual([]);
  vi.unstubAllEnvs();
});

test("Lorentz-Lorenz grows with polarizability and gives 1 for nothing", () => {
  expect(refractiveIndex(0, 100)).toBe(1);
  expect(refractiveIndex(12, 100)).toBeGreaterThan(refractiveIndex(10, 100));
  expect(refractiveIndex(11, 100, { packing: 0.7, scale: 1, exponent: 0 })).toBeCloseTo(Math.sqrt((1 + 2 * ((4 * Math.PI) / 3) * 0.077) / (1 - ((4 * Math.PI) / 3) * 0.077)), 12);
});

describe.skipIf(!hasXtb)("with xtb (skipped where it is not installed)", () => {
  const calculator = xtb({ rdkit, cache: join(directory, "cache") });

  // Values of a plain `xtb --opt --gfn 2` followed by a single point, xtb 6.5.1: gap in eV, dipole in debye, polarizability in bohr³.
  test.each([
    ["water", "O", 14.39, 2.22, 9.4],
    ["benzene", "c1ccccc1", 4.93, 0, 67.9],
    ["acetonitrile", "CC#N", 6.11, 3.85, 29.4],
    ["nitrobenzene", "O=[N+]([O-])c1ccccc1", 3.16, 5.5, 81.8],
    ["acetate", "CC(=O)[O-]", 5.33, Number.NaN, 36.5],
  ])("%s has the gap, dipole and polarizability of a run by hand", async (_, text, gap, dipole, alpha) => {
    const result = await calculator.calculate(text, key(1), quiet);
    if (isFailure(result)) throw new Error(result.failure);
    expect(Math.abs(result.values["gap"]! - gap)).toBeLessThan(0.05);
    if (!Number.isNaN(dipole)) expect(Math.abs(result.values["dipole"]! - dipole)).toBeLessThan(0.05);
    expect(Math.abs(result.values["polarizability"]! / 0.14818471 - alpha)).toBeLessThan(0.3);
    expect(result.values["lumo"]! - result.values["homo"]!).toBeCloseTo(result.values["gap"]!, 3);
  });

  test("every quantity named is answered, and a rewritten text gives the same numbers", async () => {
    const [a, b] = [await calculator.calculate("OCC", key(1), quiet), await calculator.calculate("CCO", key(1), quiet)];
    expect(a).toEqual(b);
    if (!isFailure(a)) expect(Object.keys(a.values).sort()).toEqual(calculator.quantities.map(({ name }) => name).sort());
  });

  test("a zwitterion that passes its proton on is refused, not answered as another molecule", async () => {
    const result = await calculator.calculate("[NH3+]CC(=O)[O-]", key(1), quiet);
    expect(isFailure(result) && result.failure).toMatch(/a bond (broke|formed): /);
  });
});
