/* Polymers per second: canonical text, with descriptors, and what the monomers' rules make. Run: node packages/domains/bench/polymer.bench.ts */
import { existsSync, readFileSync } from "node:fs";
import { key, fold } from "@tatara/engine/base";
import { loadRdkit } from "../src/chem/load.ts";
import { canonicalText } from "../src/polymer/canonical.ts";
import { polymer } from "../src/polymer/index.ts";
import { polymerise } from "../src/polymer/rules.ts";

const rdkit = await loadRdkit();
const shared = new URL("../../../../shared/data/poly-pi1070/PI1070_train.csv", import.meta.url);
const monomers = readFileSync(new URL("../../data/monomers/monomers.csv", import.meta.url), "utf8").trim().split("\n").slice(1).map((line) => /^(?:"(?:[^"]|"")*"|[^,]*),([^,]*)/.exec(line)![1]!);
const products = [...polymerise(rdkit, monomers)];
if (!existsSync(shared)) console.log("poly-pi1070 is not here: products of our own rules are measured instead");
const units = existsSync(shared) ? readFileSync(shared, "utf8").trim().split("\n").slice(1).map((line) => line.split(",")[1]!) : products.filter((_, i) => i % 10 === 0).map((p) => p.polymer);

for (const [text, expected] of [["*CCCC*", "*C*"], ["*C(c1ccccc1)C*", "*CC(*)c1ccccc1"], ["*C(=O)c1ccc(cc1)C(=O)OCCO*", "*OCCOC(=O)c1ccc(C(*)=O)cc1"]] as const)
  if (canonicalText(rdkit, text) !== expected) throw new Error(`${text} became ${canonicalText(rdkit, text)}, not ${expected}`);

const domain = polymer(rdkit, { monomers });
const rows = Object.fromEntries(Object.entries(domain.descriptors).map(([name, { features }]) => [name, new Float64Array(features.length)]));
const describing = (...names: readonly string[]) => (text: string) => {
  const s = domain.codec.parse(text);
  for (const name of names) domain.descriptors[name]!.write(s, rows[name]!);
};

function measure(what: string, work: (text: string, i: number) => void, texts: readonly string[]): void {
  texts.slice(0, 30).forEach(work);
  const start = process.cpuUsage();
  texts.forEach(work);
  const { user, system } = process.cpuUsage(start);
  console.log(`${what.padEnd(46)} ${((1e6 * texts.length) / (user + system)).toFixed(0).padStart(7)} per CPU second`);
}

const some = units.filter((_, i) => i % 6 === 0);
measure("canonical text", (text) => canonicalText(rdkit, text), units);
measure("parse", (text) => domain.codec.parse(text), units);
measure("parse, ecfp", describing("ecfp"), units);
measure("parse, ecfp, physchem", describing("ecfp", "physchem"), units);
measure("parse, maccs", describing("maccs"), some);
measure("parse, rdkit2d", describing("rdkit2d"), some);
for (const name of ["monomer", "monomer-edit"]) {
  const proposal = domain.proposals[name]!.make({ id: "", sample: () => "", logDensity: () => 0, toJSON: () => null }, [], {});
  measure(`proposal ${name}`, (text, i) => void proposal.propose(fold(key(1), i), text), products.filter((_, i) => i % 40 === 0).map((p) => p.polymer));
}
const start = process.cpuUsage();
const again = [...polymerise(rdkit, monomers)];
const { user, system } = process.cpuUsage(start);
console.log(`${monomers.length} monomers make ${again.length} products in ${((user + system) / 1e6).toFixed(1)} CPU s`);
