/*
 * Makes packages/domains/src/chem/data/saTable.ts from the fragment scores of the SA score that Debian's package
 * rdkit-data carries (RDKit, BSD-3-Clause). Run: apt-get install rdkit-data && node tools/sa-score/make.ts
 *
 * Each of the 705,292 fragments has a 32-bit Morgan id and a score log10(n) − 3.1265, n being how often it occurs in
 * PubChem's sample. Stored: the upper 28 bits of each id (mixed, since Morgan ids of like
 * fragments lie close together), sorted, their gaps Rice-coded with 8 low bits, and behind
 * each gap the class of n in Elias gamma code: exact for small n, in steps of 0.01 in log10 n beyond. Where two ids
 * share their upper bits the more frequent one is kept.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { mix } from "../../packages/domains/src/chem/mix.ts";

const SOURCE = process.argv[2] ?? "/usr/share/RDKit/Contrib/SA_Score/fpscores.pkl.gz";
const TARGET = new URL("../../packages/domains/src/chem/data/saTable.ts", import.meta.url);
const DROPPED = 4; // low bits of each id left out
const RICE = 8;
const STEP = 0.01;

if (!existsSync(SOURCE)) throw new Error(`no such file: ${SOURCE} — install rdkit-data, or name fpscores.pkl.gz`);

/** The file is a pickle of protocol 0: F opens a list with its score, I appends an id. */
function readScores(): Map<number, number> {
  const scores = new Map<number, number>();
  let score = Number.NaN;
  for (const [, float, id] of gunzipSync(readFileSync(SOURCE)).toString("latin1").matchAll(/F(-?[\d.e-]+)\n|I(\d+)L?\n/g)) {
    if (float === undefined) scores.set(Number(id), score);
    else score = Number(float);
  }
  return scores;
}

const scores = readScores();
const lowest = [...scores.values()].reduce((a, b) => Math.min(a, b));
const classes = new Map<number, number>(); // rounded score → its class, in order of rising score
for (const level of [...new Set([...scores.values()].map((s) => Math.round((s - lowest) / STEP)))].toSorted((a, b) => a - b)) classes.set(level, classes.size);

const byKey = new Map<number, number>();
for (const [id, score] of scores) {
  const key = mix(id) >>> DROPPED;
  byKey.set(key, Math.max(byKey.get(key) ?? 0, classes.get(Math.round((score - lowest) / STEP))!));
}

const bits: number[] = [];
const push = (value: number, width: number) => {
  for (let i = width - 1; i >= 0; i--) bits.push((value >>> i) & 1);
};
let last = -1;
for (const key of [...byKey.keys()].toSorted((a, b) => a - b)) {
  const gap = key - last - 1;
  for (let i = 0; i < gap >>> RICE; i++) bits.push(1);
  bits.push(0);
  push(gap & ((1 << RICE) - 1), RICE);
  const code = byKey.get(key)! + 1;
  const width = 32 - Math.clz32(code);
  for (let i = 1; i < width; i++) bits.push(0);
  push(code, width);
  last = key;
}
const bytes = new Uint8Array(Math.ceil(bits.length / 8));
bits.forEach((bit, i) => (bytes[i >>> 3]! |= bit << (7 - (i & 7))));

writeFileSync(TARGET, `/*
 * Made by tools/sa-score/make.ts from RDKit's SA score fragments (BSD-3-Clause, see NOTICE.md here). Never edited.
 * ${byKey.size} fragments of ${scores.size}.
 */
export const saTable = {
  fragments: ${byKey.size},
  droppedBits: ${DROPPED},
  riceBits: ${RICE},
  /** Score of each class. */
  scores: [${[...classes.keys()].map((level) => Number((lowest + level * STEP).toFixed(4))).join(", ")}] as readonly number[],
  /** Base64 of the bit stream. */
  stream: "${Buffer.from(bytes).toString("base64")}" as string,
};
`);
console.log(`${scores.size} scores, ${byKey.size} kept, ${classes.size} classes, ${bytes.length} bytes`);
