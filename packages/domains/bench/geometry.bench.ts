/* Coordinates by distance geometry: milliseconds of CPU and success per structure. Run: node packages/domains/bench/geometry.bench.ts */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { graphOf, loadRdkit, withMol } from "@tatara/domains/chem";
import { bondsIn, coordinates } from "@tatara/domains/chem/geometry";
import { fold, key } from "@tatara/engine/base";

const file = new URL("../../../../shared/data/mol-zinc250k/zinc250k.smi.gz", import.meta.url);
const rdkit = await loadRdkit();
const zinc = existsSync(file) ? gunzipSync(readFileSync(file)).toString().split("\n").map((line) => line.split(/\s/)[0]!).filter((text) => text.length > 5 && text !== "smiles") : [];
if (zinc.length === 0) console.log("shared/data/mol-zinc250k is not beside the repository: only the chain is timed");

const sets: Readonly<Record<string, readonly string[]>> = {
  "300 of ZINC (drug-like)": zinc.filter((_, i) => i % 800 === 0).slice(0, 300),
  "a chain of 30 carbons": ["C".repeat(30)],
  "a chain of 100 carbons": ["C".repeat(100)],
};
console.log("set                        structures  right bonds  CPU ms each");
for (const [name, texts] of Object.entries(sets).filter(([, list]) => list.length > 0)) {
  const graphs = texts.map((text) => withMol(rdkit, text, graphOf));
  const before = process.cpuUsage();
  const built = graphs.map((graph, i) => coordinates(graph, fold(key(1), i)));
  const { user, system } = process.cpuUsage(before);
  const right = built.filter((b) => !("failure" in b) && bondsIn(b.elements, b.positions).length === b.bonds.length).length;
  console.log(`${name.padEnd(26)} ${String(texts.length).padStart(10)} ${String(right).padStart(12)} ${((user + system) / 1000 / texts.length).toFixed(1).padStart(12)}`);
}
