/* What each package shows to others. A name that comes or goes here is a decision, and belongs in the changelog. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const entries = ["packages", "apps"]
  .flatMap((folder) => readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`))
  .filter((file) => /^\w+\/[\w-]+\/src\/(.*\/)?index\.ts$/.test(file))
  .sort();
const namesOf = async (entry: string) => Object.keys((await import(`${root}${entry}`)) as object).sort();

const whole = "packages/engine/src/index.ts";
const layers = entries.filter((entry) => /^packages\/engine\/src\/\w+\/index\.ts$/.test(entry));

test.each(entries.filter((entry) => entry !== whole))("the exported names of %s", async (entry) => {
  const names = await namesOf(entry);
  // The command's package shows all of the engine as well, which is listed by layer.
  const known = new Set(entry.startsWith("apps/") ? await namesOf(whole) : []);
  expect(names.filter((name) => !known.has(name)).join("\n")).toMatchSnapshot();
});

test("no name of a layer is lost from the engine: `export *` drops what two layers both have", async () => {
  const names = (await Promise.all(layers.map(namesOf))).flat();
  expect(layers.length).toBeGreaterThan(5);
  expect(await namesOf(whole)).toEqual(names.sort());
});
