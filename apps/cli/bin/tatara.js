#!/usr/bin/env node
/*
 * Starts Tatara. Plain JavaScript, so that an old Node can still read it and say what is missing;
 * where a newer Node lies beside (the `node` package), it is used instead.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NEEDED = [22, 18];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  const source = new URL("../src/main.ts", import.meta.url);
  await import(existsSync(source) ? source.href : new URL("../dist/main.js", import.meta.url).href);
} else {
  const newer = nodeBeside();
  if (newer) {
    const { spawnSync } = await import("node:child_process");
    const { status, signal } = spawnSync(newer, [process.argv[1], ...process.argv.slice(2)], { stdio: "inherit" });
    process.exitCode = signal ? 130 : (status ?? 1);
  } else {
    console.error(`tatara needs Node ${NEEDED.join(".")} or later: this is ${process.versions.node} — install a newer Node, or run it with \`npx -p node@24 -p tatara tatara\``);
    process.exitCode = 3;
  }
}

function nodeBeside() {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
