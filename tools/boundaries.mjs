/*
 * The boundary test: which way imports may run, and which files may touch the outside world.
 * ARCHITECTURE.md explains the rules; this script is their only enforcement, run by `npm test`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** The engine's folders; a file imports from its own folder or from folders to its left. */
const LAYERS = ["base", "numeric", "prob", "data", "learn", "generate", "search", "design", "explain", "testing"];

/** Which workspace packages each package may import. */
const MAY_IMPORT = {
  kernels: [],
  engine: ["kernels"],
  domains: ["engine"],
  charts: ["engine"],
  data: [],
  studies: ["engine", "domains", "charts", "data"],
  cli: ["engine", "domains", "charts", "data", "studies"],
};

/** Folders that may touch clock, environment, disk, threads and processes. */
const OUTSIDE_ALLOWED = /^(apps\/|tools\/|packages\/studies\/src\/(executors|calculators|catalogue|runs|tables)\/|packages\/data\/)/;
const OUTSIDE =
  /\b(Math\.random|Date\.now|new Date\b|performance\.now|process\.|console\.|fetch\(|setTimeout|setInterval|setImmediate)|from "(node:(?!path")[a-z_/]+|worker_threads|fs|crypto)"/;
const CHEMISTRY = /\b(molecul|polymer|crystal|smiles|alloy|monomer)/i;

const listFiles = (root) =>
  readdirSync(root, { recursive: true })
    .map((file) => join(root, file))
    .filter((file) => /\/src\/.*\.ts$/.test(file) && !file.includes("node_modules"));

/** Comments may explain what code may not do. */
const withoutComments = (text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");

const problems = [];
for (const file of [...listFiles("packages"), ...listFiles("apps")]) {
  const text = readFileSync(file, "utf8");
  const code = withoutComments(text);
  const [, pkg, , folder] = file.split("/");
  if (!OUTSIDE_ALLOWED.test(file) && OUTSIDE.test(code)) problems.push(`${file}: reaches outside (${OUTSIDE.exec(code)[0]}) — take it as an argument`);
  if (pkg === "engine" && CHEMISTRY.test(text)) problems.push(`${file}: the engine names a kind of material (${CHEMISTRY.exec(text)[0]})`);
  for (const [, spec] of code.matchAll(/from\s+"(@tatara\/[^"]+|tatara)"/g)) {
    const target = spec.split("/")[1];
    if (target === pkg || !MAY_IMPORT[pkg]?.includes(target)) problems.push(`${file}: ${pkg} may not import ${spec}`);
  }
  for (const [, spec] of code.matchAll(/from\s+"(\.[^"]+)"/g)) {
    const path = normalize(join(dirname(file), spec));
    const [, , , target] = path.split("/");
    if (!existsSync(path)) problems.push(`${file}: imports a missing file ${spec}`);
    if (target === folder || target?.endsWith(".ts") || folder === "index.ts") continue;
    if (pkg === "engine" && path.endsWith("/index.ts") && !file.endsWith("engine/src/index.ts")) problems.push(`${file}: imports through ${spec} — barrels are for outsiders`);
    if (pkg === "engine" && LAYERS.indexOf(target) > LAYERS.indexOf(folder)) problems.push(`${file}: ${folder} may not import ${target}`);
    if (pkg === "domains" && !["elements", "chem"].includes(target) && !file.endsWith("domains/src/index.ts")) problems.push(`${file}: domains do not import each other (${target})`);
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
