/*
 * How many structures a CPU-second: reading (parse, canonical text, graph), fingerprints, physchem, and the slower
 * descriptors that go through RDKit. Run: node packages/domains/bench/descriptors.bench.ts [structures]
 * Answers are checked first against values of python3-rdkit 2022.09.3.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { key } from "@tatara/engine/base";
import { loadRdkit } from "../src/chem/load.ts";
import { morganCounts } from "../src/chem/morgan.ts";
import { connectivity } from "../src/chem/invariants.ts";
import { writeSmiles } from "../src/chem/smiles/index.ts";
import { topologyOf } from "../src/chem/topology.ts";
import { molecule } from "../src/molecule/index.ts";
import type { Molecule } from "../src/molecule/index.ts";

const SOURCE = new URL("../../../../shared/data/mol-zinc250k/zinc250k.smi.gz", import.meta.url);
const BUILT_IN = ["CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CN1CCC[C@H]1c1cccnc1", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "O=C1CN=C(c2ccccc2)c2cc(Cl)ccc2N1"];
const ROUNDS = 3;

const wanted = Number(process.argv[2] ?? 2000);
const lines = existsSync(SOURCE) ? gunzipSync(readFileSync(SOURCE)).toString("utf8").split("\n").slice(1, wanted + 1) : Array.from({ length: wanted }, (_, i) => BUILT_IN[i % BUILT_IN.length]!);
if (!existsSync(SOURCE)) console.log("shared data absent: five built-in structures are repeated");

const rdkit = await loadRdkit();
const domain = molecule(rdkit);

/** A descriptor's row of one structure. */
function row(id: string, s: Molecule): Float64Array {
  const { features, write } = domain.descriptors[id]!;
  const out = new Float64Array(features.length);
  write(s, out);
  return out;
}

const aspirin = domain.codec.parse(BUILT_IN[0]!);
const checks: readonly (readonly [string, number, number, number])[] = [
  ["ECFP4 bits of aspirin", row("ecfp_bits", aspirin).reduce((a, b) => a + b, 0), 24, 0],
  ["QED of aspirin", row("qed", aspirin)[0]!, 0.5501, 1e-3],
  ["SA score of aspirin", row("sa", aspirin)[0]!, 1.58, 0.02],
  ["weight of aspirin", row("physchem", aspirin)[1]!, 180.159, 0.01],
];
for (const [what, value, expected, tolerance] of checks) if (!(Math.abs(value - expected) <= tolerance)) throw new Error(`${what}: ${value} — expected ${expected}`);

/** Best rate over the rounds, structures per CPU-second of this process: other work on the machine disturbs it less than the clock. */
function rate(work: () => void, n: number): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.max(best, (1e6 * n) / (user + system));
  }
  return best;
}

const materials = lines.map((line) => domain.codec.parse(line));
const some = materials.slice(0, Math.min(300, materials.length));
// A graph object that no cache has seen.
const fresh = ({ smiles, graph }: Molecule): Molecule => ({ smiles, graph: { atoms: graph.atoms, bonds: graph.bonds } });
const described = (id: string, set: readonly Molecule[]) => {
  const { features, write } = domain.descriptors[id]!;
  const out = new Float64Array(features.length);
  return rate(() => set.map(fresh).forEach((s) => write(s, out)), set.length);
};
const canonical = materials.map(({ smiles }) => smiles);
// Another writing of each structure, as a sampler proposes them.
const rewritten = materials.map(({ graph }, i) => writeSmiles(graph, { root: i % graph.atoms.length, key: key(i) }));
/** Read texts with a domain that has read nothing yet. */
const read = (texts: readonly string[]) => {
  const { codec } = molecule(rdkit);
  return texts.map((text) => codec.parse(text));
};
const both = () => {
  const [ecfp, physchem] = [domain.descriptors["ecfp"]!, domain.descriptors["physchem"]!];
  const [a, b] = [new Float64Array(ecfp.features.length), new Float64Array(physchem.features.length)];
  for (const s of read(canonical)) {
    ecfp.write(s, a);
    physchem.write(s, b);
  }
};

const table: readonly (readonly [string, number])[] = [
  ["parse canonical text (graph)", rate(() => read(canonical), lines.length)],
  ["parse any writing (canonical text, graph)", rate(() => read(rewritten), lines.length)],
  ["parse canonical text + ecfp + physchem", rate(both, lines.length)],
  ["topology and rings", rate(() => materials.map(fresh).forEach(({ graph }) => topologyOf(graph)), materials.length)],
  ["unfolded Morgan counts, radius 2", rate(() => materials.forEach(({ graph }) => morganCounts(topologyOf(graph), { invariants: connectivity(topologyOf(graph)) })), materials.length)],
  ["ecfp with topology", described("ecfp", materials)],
  ["physchem with topology", described("physchem", materials)],
  ["faults", rate(() => materials.forEach((s) => domain.faults(s)), materials.length)],
  ["maccs", described("maccs", some)],
  ["rdkit2d", described("rdkit2d", some)],
  ["qed", described("qed", some)],
  ["sa", described("sa", some)],
  ["scaffold", rate(() => some.forEach((s) => domain.groups["scaffold"]!(s)), some.length)],
];
console.log(`${lines.length} structures, ${(materials.reduce((sum, { graph }) => sum + graph.atoms.length, 0) / materials.length).toFixed(1)} heavy atoms on average; per CPU-second, best of ${ROUNDS}`);
for (const [what, perSecond] of table) console.log(`${what.padEnd(44)} ${Math.round(perSecond).toLocaleString("en").padStart(9)}`);
