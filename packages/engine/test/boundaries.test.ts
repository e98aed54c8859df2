import { expect, test } from "vitest";
import { findProblems } from "../../../tools/boundaries.mjs";

const problemsOf = (sources: Readonly<Record<string, string>>) => findProblems(new Map(Object.entries(sources)));

const prob = "packages/engine/src/prob/a.ts";
const base = "packages/engine/src/base/b.ts";

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["an import to the right", { [base]: 'import { a } from "../prob/a.ts";', [prob]: "" }, "base may not import prob"],
  ["an import of a type to the right", { [base]: 'import type { A } from "../prob/a.ts";', [prob]: "" }, "base may not import prob"],
  ["an export from the right", { [base]: 'export * from "../prob/a.ts";', [prob]: "" }, "base may not import prob"],
  ["an import over several lines", { [base]: 'import {\n  a,\n  b,\n} from "../prob/a.ts";', [prob]: "" }, "base may not import prob"],
  ["a folder that is no layer", { "packages/engine/src/utils/a.ts": 'import { b } from "../base/b.ts";', [base]: "" }, "utils may not import base"],
  ["a barrel", { [prob]: 'import { b } from "../base/index.ts";', "packages/engine/src/base/index.ts": "" }, "barrels are for outsiders"],
  ["a barrel of the own folder", { [prob]: 'import { b } from "./index.ts";', "packages/engine/src/prob/index.ts": "" }, "barrels are for outsiders"],
  ["a package to the right", { [prob]: 'import { domains } from "@tatara/domains";' }, "engine may not import @tatara/domains"],
  ["a package imported for its effect", { [prob]: 'import "@tatara/domains";' }, "engine may not import @tatara/domains"],
  ["a package imported late", { [prob]: 'const late = await import("@tatara/domains");' }, "engine may not import @tatara/domains"],
  ["a path into another package", { "packages/charts/src/a.ts": 'import { b } from "../../engine/src/base/b.ts";', [base]: "" }, "leaves the package"],
  ["a missing file", { [prob]: 'import { c } from "./c.ts";' }, "imports a missing file ./c.ts"],
  ["a domain in another", { "packages/domains/src/polymer/a.ts": 'import { b } from "../molecule/b.ts";', "packages/domains/src/molecule/b.ts": "" }, "domains do not import each other"],
  ["a contract that needs an implementation", { "packages/engine/src/prob/types.ts": 'import { a } from "./a.ts";', [prob]: "" }, "contracts use import type"],
  ["chance without a key", { [prob]: "const u = Math.random();" }, "reaches outside (Math.random)"],
  ["the clock", { "packages/domains/src/chem/a.ts": "const t = Date.now();" }, "reaches outside (Date.now)"],
  ["the disk", { "packages/studies/src/tasks/a.ts": 'import { readFileSync } from "node:fs";' }, "reaches outside"],
  ["the disk, late", { "packages/studies/src/tasks/a.ts": 'const fs = await import("node:fs");' }, "reaches outside"],
  ["the locale", { "packages/studies/src/tasks/a.ts": "names.sort((a, b) => a.localeCompare(b));" }, "depends on the locale"],
  ["the engine's words, in comments too", { [prob]: "/* for polymers */" }, "the engine names a kind of material (polymer)"],
])("the boundary test tells %s", (_, sources, problem) => {
  expect(problemsOf(sources)).toEqual([expect.stringContaining(problem)]);
});

test("the boundary test tells rings of imports, each once", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => `packages/charts/src/${name}.ts`) as [string, string, string];
  const ring = { [a]: 'import { b } from "./b.ts";', [b]: 'export { c } from "./c.ts";', [c]: 'import { type A, a } from "./a.ts";' };
  expect(problemsOf(ring)).toEqual([`${a} → ${b} → ${c} → ${a}: a ring of imports — move what both need to a file of its own`]);
  expect(problemsOf({ ...ring, [c]: 'import type { A } from "./a.ts";' })).toEqual([]);
  expect(problemsOf({ [a]: 'export * from "./a.ts";' })).toHaveLength(1);
});

test("the boundary test lets pass what is allowed", () => {
  expect(
    problemsOf({
      [prob]: '// Math.random is forbidden\nimport { gemm } from "@tatara/kernels";\nimport type { B } from "../base/b.ts";\nimport { join } from "node:path";',
      [base]: 'const many = (1e6).toLocaleString("en");',
      "packages/engine/src/index.ts": 'export * from "./base/index.ts";',
      "packages/engine/src/base/index.ts": 'export { b } from "./b.ts";',
      "packages/studies/src/runs/a.ts": 'import { readFileSync } from "node:fs";\nconst now = Date.now();',
    }),
  ).toEqual([]);
});
