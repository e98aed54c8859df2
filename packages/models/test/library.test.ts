/* The shipped networks: enough tasks, whole, small, and with cards that say whose data they learnt from. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import { shippedModels } from "@tatara/models";
import { listLibrary, readNetworkFile, shippedLibrary } from "@tatara/studies/library";
import { openNetworkFile, reviveModel } from "../../studies/src/catalogue/learners.ts";

const { entries, broken } = await listLibrary(shippedLibrary());
const folder = fileURLToPath(shippedModels);
const MIB = 2 ** 20;

describe("the shipped library", () => {
  test("has at least twelve tasks, over molecules, polymers and compositions", () => {
    expect(broken).toEqual([]);
    expect(entries.length).toBeGreaterThanOrEqual(12);
    expect(new Set(entries.map(({ card }) => card.domain))).toEqual(new Set(["molecule", "polymer", "composition"]));
    expect(new Set(entries.map(({ card: { domain, properties } }) => `${domain} ${properties.map(({ name }) => name).join()}`)).size).toBe(entries.length);
  });

  test("takes six megabytes at most, and holds nothing but cards, networks and hashes: no measurements", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(new Set(files.map(({ name }) => name))).toEqual(new Set(["card.json", "model.onnx", "seen.bin"]));
    expect(files.reduce((sum, { parentPath, name }) => sum + statSync(`${parentPath}/${name}`).size, 0)).toBeLessThan(6 * MIB);
  });
});

describe.each(entries.map((entry) => [entry.card.name, entry] as const))("%s", (name, entry) => {
  const { card, path } = entry;
  test("names its data, their licence, how it was made, and figures out of fold", () => {
    expect(path.endsWith(name)).toBe(true);
    for (const text of [card.about, card.data.about, card.data.citation, card.made.script]) expect(text).not.toBe("");
    expect(card.data.licence).toMatch(/^(MIT|BSD-3-Clause|CC0|CC BY)/);
    expect(card.licence).toMatch(/^MIT/);
    for (const { rows, r2, mae, coverage } of card.properties) {
      expect(rows).toBe(card.data.rows);
      expect(r2).toBeGreaterThan(0.2);
      expect(mae).toBeGreaterThan(0);
      expect(coverage).toBeGreaterThan(0.85);
      expect(coverage).toBeLessThan(0.95);
    }
  });

  test("is the network of its card: checksum, inputs, layers; it predicts numbers", async () => {
    const file = await readNetworkFile(entry);
    expect(createHash("sha256").update(readFileSync(`${path}/model.onnx`)).digest("hex")).toBe(card.sha256);
    const network = openNetworkFile(file);
    expect({ kind: network.manifest.kind, inputs: network.inputs.length, hidden: network.hidden, members: network.manifest.members }).toEqual({ kind: card.network.kind, inputs: card.network.inputs, hidden: card.network.hidden, members: card.network.members });
    expect(network.outputs.map((output) => output.name)).toEqual(card.properties.map((property) => property.name));
    const middle: Table = { rows: 2, cols: network.inputs.length, features: network.inputs, data: new Float64Array(2 * network.inputs.length).fill(1) };
    const [marginal] = (await reviveModel(network.toRecord()).predict(middle, quiet)).marginals;
    if (marginal?.kind !== "number") throw new Error("a number was asked for");
    expect(marginal.mean.every(Number.isFinite)).toBe(true);
    expect(marginal.mean[0]).toBe(marginal.mean[1]);
  });
});
