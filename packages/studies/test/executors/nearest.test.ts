/* The most similar known material: the same for every number of workers and chunks, and whatever time it takes. */
import { afterEach, expect, test, vi } from "vitest";
import { loadRdkit } from "@tatara/domains/chem";
import { molecule } from "@tatara/domains";
import { quiet } from "@tatara/engine/base";
import { openCrew } from "../../src/executors/crew.ts";

/** Chains with a group at the end, each twice over: ties go to the earlier one. */
const ENDS = ["O", "N", "Cl", "F", "C(=O)O", "C#N"];
const once = Array.from({ length: 180 }, (_, i) => `${"C".repeat(1 + Math.floor(i / ENDS.length))}${ENDS[i % ENDS.length]}`);
const REFERENCE = [...once, ...once];
const QUERIES = ["CCO", "CCCCCCBr", "c1ccccc1", "CC(C)CO", "CCCCN"];

afterEach(() => void vi.restoreAllMocks());

test("is what comparing all pairs gives, for any number of workers", { timeout: 60_000 }, async () => {
  const domain = molecule(await loadRdkit());
  const reference = REFERENCE.map((text) => domain.codec.parse(text));
  const expected = QUERIES.map((text) => {
    const s = reference.map((r) => domain.similarity(domain.codec.parse(text), r));
    const similarity = Math.max(...s);
    return { index: s.indexOf(similarity), similarity };
  });
  for (const workers of [1, 2]) {
    const crew = await openCrew({ domain: "molecule", descriptors: ["physchem"] }, { workers });
    try {
      const { index, similarity } = await crew.nearest(QUERIES, REFERENCE, quiet);
      expect(Array.from(index, (i, q) => ({ index: i, similarity: similarity[q]! }))).toEqual(expected);
      expect(await crew.nearest([], REFERENCE, quiet)).toEqual({ index: new Int32Array(0), similarity: new Float64Array(0) });
    } finally {
      await crew.close();
    }
  }
});

test("is never given up after a time", { timeout: 60_000 }, async () => {
  const crew = await openCrew({ domain: "molecule", descriptors: ["physchem"] }, { workers: 1 });
  try {
    const limit = vi.spyOn(AbortSignal, "timeout");
    await crew.nearest(QUERIES, REFERENCE, quiet);
    expect(limit).not.toHaveBeenCalled();
  } finally {
    await crew.close();
  }
});
