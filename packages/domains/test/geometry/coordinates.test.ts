import { readFileSync, existsSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { fold, key } from "@tatara/engine/base";
import { elements, graphOf, loadRdkit, withMol } from "@tatara/domains/chem";
import type { Graph } from "@tatara/domains/chem";
import { atomVolumes, bondsIn, coordinates, coordinatesFromTemplates, distance, loadOpenChemLib } from "@tatara/domains/chem/geometry";
import type { Geometry } from "@tatara/domains/chem/geometry";

const rdkit = await loadRdkit();
const graphFrom = (text: string): Graph => withMol(rdkit, text, graphOf);
const canonical = (text: string, isomeric = true): string => withMol(rdkit, text, (mol) => mol.get_smiles(JSON.stringify({ doIsomericSmiles: isomeric })));
const build = (text: string, seed = 1): Geometry => {
  const built = coordinates(graphFrom(text), fold(key(seed), text));
  if ("failure" in built) throw new Error(`${text}: ${built.failure}`);
  return built;
};
const table = (file: URL): readonly string[] => parse<{ smiles: string }>(readFileSync(file), { columns: true }).map(({ smiles }) => smiles);

/** What RDKit reads from the coordinates: elements, charges and bond orders are told, stereo is perceived. */
function readBack(graph: Graph, { elements: atoms, positions, bonds }: Geometry): string {
  const lines = [
    "\n  RDKit          3D\n",
    `${String(atoms.length).padStart(3)}${String(bonds.length).padStart(3)}  0  0  0  0  0  0  0  0999 V2000`,
    ...atoms.map((z, i) => `${[0, 1, 2].map((d) => positions[3 * i + d]!.toFixed(4).padStart(10)).join("")} ${elements[z]!.symbol.padEnd(3)} 0${String((4 - (graph.atoms[i]?.charge ?? 0)) % 4).padStart(3)}`),
    ...bonds.map(([a, b], i) => `${String(a + 1).padStart(3)}${String(b + 1).padStart(3)}${String(graph.bonds[i]?.order ?? 1).padStart(3)}  0`),
    "M  END",
  ];
  const mol = rdkit.get_mol(lines.join("\n"), JSON.stringify({ removeHs: true }))!;
  const text = mol.get_smiles();
  mol.delete();
  return text;
}

const zincFile = new URL("../../../../../shared/data/mol-zinc250k/zinc250k.smi.gz", import.meta.url);
const sample = (texts: readonly string[], count: number) => texts.filter((_, i) => i % Math.floor(texts.length / count) === 0).slice(0, count);

const sets = {
  monomers: () => table(new URL("../../../data/monomers/monomers.csv", import.meta.url)),
  ...(existsSync(zincFile)
    ? {
        ZINC: () =>
          sample(
            gunzipSync(readFileSync(zincFile))
              .toString()
              .split("\n")
              .map((line) => line.split(/\s/)[0]!)
              .filter((text) => text.length > 5 && text !== "smiles"),
            200,
          ),
      }
    : {}),
};
test.skipIf(existsSync(zincFile))("the ZINC sample needs shared/data/mol-zinc250k beside the repository: skipped", () => {});

describe.each(Object.entries(sets))("%s", (_, read) => {
  test("98 in 100 structures get coordinates whose bonds are theirs, and 95 in 100 their stereo", () => {
    const texts = read();
    let [bonded, stereo] = [0, 0];
    for (const text of texts) {
      const graph = graphFrom(text);
      const built = coordinates(graph, fold(key(1), text));
      if ("failure" in built) continue;
      const code = (pairs: Geometry["bonds"]) => pairs.map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`).sort().join();
      if (code(bondsIn(built.elements, built.positions)) === code(built.bonds)) bonded++;
      const isMarked = /[@/\\]/.test(text);
      if (!isMarked || canonical(readBack(graph, built), true) === canonical(text)) stereo++;
      else if (/\[N@?@?H?\+/.test(readBack(graph, built))) stereo++; // RDKit reads pyramidal NH+ as a centre
    }
    expect(bonded / texts.length).toBeGreaterThanOrEqual(0.98);
    expect(stereo / texts.length).toBeGreaterThanOrEqual(0.95);
  });
});

test("the same key gives the same coordinates, another key another conformer", () => {
  const text = "CCCCC(=O)OCCc1ccccc1";
  expect(build(text).positions).toEqual(build(text).positions);
  expect(build(text, 2).positions).not.toEqual(build(text, 1).positions);
});

test.each([
  ["C", 0, 1, 1.07, 0.04],
  ["CC", 0, 1, 1.5, 0.05],
  ["C=C", 0, 1, 1.34, 0.05],
  ["C#N", 0, 1, 1.14, 0.05],
  ["c1ccccc1", 0, 3, 2.8, 0.1],
  ["O=C=O", 0, 2, 2.32, 0.2],
])("%s has atoms %i and %i %f Å apart", (text, i, j, expected, tolerance) => {
  expect(Math.abs(distance(build(text).positions, i, j) - expected)).toBeLessThan(tolerance);
});

test.each([
  ["C/C=C/C", 0, 3, 3.9],
  ["C/C=C\\C", 0, 3, 3.0],
])("%s keeps its double bond", (text, i, j, expected) => {
  expect(Math.abs(distance(build(text).positions, i, j) - expected)).toBeLessThan(0.3);
});

test.each(["N[C@@H](C)C(=O)O", "N[C@H](C)C(=O)O", "C[C@H]1CC[C@@H](C(C)C)C[C@H]1O", "C[S@](=O)c1ccccc1"])("%s keeps its hand", (text) => {
  expect(canonical(readBack(graphFrom(text), build(text)))).toBe(canonical(text));
});

test.each([
  ["cubane", "C12C3C4C1C5C2C3C45"],
  ["norbornene", "C1=CC2CCC1C2"],
  ["adamantane", "C1C2CC3CC1CC(C2)C3"],
  ["a spiro bisindane", "CC1(C)CC2(CC(C)(C)c3ccc(O)cc32)c2cc(O)ccc21"],
  ["sulphur hexafluoride", "FS(F)(F)(F)(F)F"],
  ["a crown ether", "C1COCCOCCOCCOCCOCCO1"],
  ["a zwitterion", "[NH3+]CC(=O)[O-]"],
  ["nitrobenzene", "O=[N+]([O-])c1ccccc1"],
])("%s is built", (_, text) => {
  expect(bondsIn(build(text).elements, build(text).positions)).toHaveLength(build(text).bonds.length);
});

test("an ester is built Z and an amide trans", () => {
  const ester = build("CC(=O)OC");
  expect(distance(ester.positions, 2, 4)).toBeLessThan(distance(ester.positions, 0, 4));
  const amide = build("CC(=O)NC");
  expect(distance(amide.positions, 2, 4)).toBeLessThan(distance(amide.positions, 0, 4));
});

test.each([
  ["*CC*", "open end: atom 1 is *"],
  ["[U]", "no bond lengths for element 92"],
])("%s is refused with a reason", (text, reason) => {
  const built = coordinates(graphFrom(text), key(1));
  expect("failure" in built && built.failure).toContain(reason);
});

test("an impossible stereo is a failure in words, not an endless search", () => {
  const built = coordinates(graphFrom("C1C[C@H]2C[C@@H]1CC2"), key(1), { tries: 2 });
  if ("failure" in built) expect(built.failure).toMatch(/no 3-D structure in 2 tries/);
  else expect(built.elements).toHaveLength(19);
});

test("templates give coordinates of the same atoms, hand kept", async () => {
  const ocl = await loadOpenChemLib();
  for (const text of ["CC(C)c1ccccc1", "N[C@@H](C)C(=O)O"]) {
    const built = coordinatesFromTemplates(ocl, graphFrom(text), key(1));
    if ("failure" in built) throw new Error(built.failure);
    expect(canonical(readBack(graphFrom(text), built))).toBe(canonical(text));
  }
});

describe("van der Waals volumes", () => {
  const sphere = (r: number) => (4 / 3) * Math.PI * r ** 3;

  test("a lone atom has the volume of its sphere", () => {
    expect(atomVolumes({ elements: [6], positions: new Float64Array(3) })[0]).toBeCloseTo(sphere(1.7), 9);
  });

  test("two spheres have the volume of their union in closed form", () => {
    const [d, R, r] = [1.2, 1.7, 1.52];
    const lens = (Math.PI * (R + r - d) ** 2 * (d * d + 2 * d * (r + R) - 3 * (r - R) ** 2)) / (12 * d);
    const volumes = atomVolumes({ elements: [6, 8], positions: Float64Array.of(0, 0, 0, 0, 0, d) });
    expect(volumes[0]! + volumes[1]!).toBeCloseTo(sphere(R) + sphere(r) - lens, 1);
  });

  test("shares add up to the union as points in a box count it", () => {
    const geometry = build("CC(C)c1ccccc1");
    const { elements: atoms, positions } = geometry;
    const radii: Readonly<Record<number, number>> = { 1: 1.2, 6: 1.7 };
    const STEP = 0.12;
    let inside = 0;
    const reach = [0, 1, 2].map((d) => [0, 1].map((s) => (s ? 1 : -1) * 2 + (s ? Math.max : Math.min)(...atoms.map((_, i) => positions[3 * i + d]!))));
    for (let x = reach[0]![0]!; x < reach[0]![1]!; x += STEP)
      for (let y = reach[1]![0]!; y < reach[1]![1]!; y += STEP)
        for (let z = reach[2]![0]!; z < reach[2]![1]!; z += STEP)
          if (atoms.some((e, i) => (x - positions[3 * i]!) ** 2 + (y - positions[3 * i + 1]!) ** 2 + (z - positions[3 * i + 2]!) ** 2 < radii[e]! ** 2)) inside++;
    const total = atomVolumes(geometry).reduce((a, b) => a + b, 0);
    expect(Math.abs(total / (inside * STEP ** 3) - 1)).toBeLessThan(0.01);
  });
});
