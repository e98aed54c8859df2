/*
 * The boundary test: which way imports may run, and which files may touch the outside world.
 * ARCHITECTURE.md explains the rules; this script is their only enforcement, run by `npm test`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** The engine's folders; a file imports from its own folder or from folders to its left. */
const LAYERS = ["base", "numeric", "prob", "data", "learn", "generate", "search", "design", "explain", "testing"];

/** Which workspace packages each package may import. */
const MAY_IMPORT = {
  kernels: [],
  engine: ["kernels"],
  domains: ["engine"],
  charts: ["engine"],
  neural: ["engine", "kernels"],
  data: [],
  models: [],
  studies: ["engine", "domains", "charts", "data", "models", "neural"],
  cli: ["engine", "domains", "charts", "data", "models", "neural", "studies"],
};

/** Folders of `domains` that every kind of material may use. */
const SHARED = new Set(["chem", "elements"]);

/** Folders that may touch clock, environment, disk, threads and processes. */
const OUTSIDE_ALLOWED = /^(apps\/|tools\/|packages\/studies\/src\/(executors|calculators|catalogue|library|runs|tables)\/|packages\/data\/)/;
const OUTSIDE =
  /\b(Math\.random|Date\.now|new Date\b|performance\.now|process\.|console\.|fetch\(|setTimeout|setInterval|setImmediate|crypto\.(getRandomValues|randomUUID)|AbortSignal\.timeout)|(?:from |import |import\()"(node:(?!path")[a-z_/]+|worker_threads|fs|crypto)"/;
/** What depends on where the program runs; a locale that is spelt out does not. */
const LOCALE = /\b(localeCompare|toLocale[A-Z]\w*\((?!")|Intl\.\w+\((?!"))/;
const CHEMISTRY = /\b(molecul|polymer|crystal|smiles|alloy|monomer)/i;

/** Comments may explain what code may not do. */
const withoutComments = (text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");

/** Every specifier after `from`, or of an import for its effect, and whether it is there at run time. */
const importsOf = (code) => [
  ...[...code.matchAll(/\b(import|export)\s+(type\s+(?!from\b))?([^"';]*?)\bfrom\s+"([^"]+)"/g)].map(([, , type, , spec]) => ({ spec, atRunTime: !type })),
  ...[...code.matchAll(/\bimport\s*\(?\s*"([^"]+)"/g)].map(([, spec]) => ({ spec, atRunTime: true })),
];

const isRelative = (spec) => spec.startsWith(".");
const targetOf = (file, spec) => normalize(join(dirname(file), spec));

/** What a file says that it may not say. */
function problemsOfText(file, text, code) {
  const [, pkg] = file.split("/");
  const problems = [];
  if (!OUTSIDE_ALLOWED.test(file) && OUTSIDE.test(code)) problems.push(`${file}: reaches outside (${OUTSIDE.exec(code)[0]}) — take it as an argument`);
  if (LOCALE.test(code)) problems.push(`${file}: depends on the locale (${LOCALE.exec(code)[0]}) — compare with < and >`);
  if (pkg === "engine" && CHEMISTRY.test(text)) problems.push(`${file}: the engine names a kind of material (${CHEMISTRY.exec(text)[0]})`);
  return problems;
}

/** What is wrong with one relative import. */
function problemsOfImport(file, { spec, atRunTime }, files) {
  const path = targetOf(file, spec);
  const [root, pkg, , folder] = file.split("/");
  const [toRoot, toPkg, , target] = path.split("/");
  if (root !== toRoot || pkg !== toPkg) return [`${file}: ${spec} leaves the package — import packages by name`];
  if (path.endsWith(".ts") && !files.has(path)) return [`${file}: imports a missing file ${spec}`];
  const problems = [];
  if (atRunTime && file.endsWith("/types.ts")) problems.push(`${file}: imports ${spec} at run time — contracts use import type`);
  if (pkg === "engine" && path.endsWith("/index.ts") && file !== "packages/engine/src/index.ts") problems.push(`${file}: imports through ${spec} — barrels are for outsiders`);
  if (target === folder || target?.endsWith(".ts") || folder === "index.ts") return problems;
  if (pkg === "engine" && LAYERS.indexOf(target) > LAYERS.indexOf(folder)) problems.push(`${file}: ${folder} may not import ${target}`);
  if (pkg === "domains" && !SHARED.has(target)) problems.push(`${file}: domains do not import each other (${target})`);
  return problems;
}

/** Files that import each other in a ring at run time; each ring once. A value may be undefined while such a ring loads. */
function rings(graph) {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) {
      found.push(`${[...path.slice(path.indexOf(file)), file].join(" → ")}: a ring of imports — move what both need to a file of its own`);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** Every broken rule, in words. `sources` maps paths from the repository's root, as `packages/engine/src/base/key.ts`, to their texts. */
export function findProblems(sources) {
  const problems = [];
  const graph = new Map();
  for (const [file, text] of sources) {
    const code = withoutComments(text);
    const imports = importsOf(code);
    const [, pkg] = file.split("/");
    problems.push(...problemsOfText(file, text, code));
    for (const { spec } of imports.filter(({ spec }) => /^(@tatara\/|tatara$)/.test(spec))) {
      const target = spec.split("/")[1];
      if (target === pkg || !MAY_IMPORT[pkg]?.includes(target)) problems.push(`${file}: ${pkg} may not import ${spec}`);
    }
    const near = imports.filter(({ spec }) => isRelative(spec));
    problems.push(...near.flatMap((one) => problemsOfImport(file, one, sources)));
    graph.set(file, near.filter(({ atRunTime }) => atRunTime).map(({ spec }) => targetOf(file, spec)));
  }
  return [...problems, ...rings(graph)];
}

const listFiles = (root) =>
  readdirSync(root, { recursive: true })
    .map((file) => join(root, file))
    .filter((file) => /\/src\/.*\.ts$/.test(file) && !file.includes("node_modules"));

if (import.meta.main ?? process.argv[1]?.endsWith("boundaries.mjs")) {
  const problems = findProblems(new Map([...listFiles("packages"), ...listFiles("apps")].map((file) => [file, readFileSync(file, "utf8")])));
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exitCode = 1;
  }
}
