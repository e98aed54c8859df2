/* What the documentation lists is what the catalogue has. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { recipes } from "../src/catalogue/learners.ts";

const documentation = (page: string) => readFile(fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url)), "utf8");

test("docs/study.md lists every learner that learn.model may name", async () => {
  const [, table] = /^\| `learn\.model` \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(await documentation("study.md"))!;
  const named = [...table!.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.toSorted()).toEqual(Object.keys(recipes).toSorted());
});
