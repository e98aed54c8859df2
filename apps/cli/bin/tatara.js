#!/usr/bin/env node
/*
 * Starts Tatara. Plain JavaScript, so that an old Node can still read it and say what is missing;
 * where a newer Node lies beside (the `node` package), it is used instead. Such a run is a child of this process: it
 * gets the signals that this process gets, its end is passed on, and when this process is killed it stops too.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";

const NEEDED = [22, 18];
/** Says to a child that its channel is the launcher's, whose end is its own. */
const LAUNCHED = "TATARA_LAUNCHED";
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  if (process.env[LAUNCHED] !== undefined) endWithLauncher();
  const source = new URL("../src/main.ts", import.meta.url);
  await import(existsSync(source) ? source.href : new URL("../dist/main.js", import.meta.url).href);
} else {
  const newer = nodeBeside();
  if (newer) await launch(newer);
  else {
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

async function launch(node) {
  const { spawn } = await import("node:child_process");
  const child = spawn(node, [process.argv[1], ...process.argv.slice(2)], { stdio: ["inherit", "inherit", "inherit", "ipc"], env: { ...process.env, [LAUNCHED]: "1" } });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error(`tatara cannot start ${node}: ${error.message}`);
    process.exitCode = 3;
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of PASSED_ON) process.removeAllListeners(name);
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
}

/** When the launcher is gone, however it went: stop as for a hang-up, and be gone a moment later in any case. */
function endWithLauncher() {
  const GRACE_MS = 1000;
  delete process.env[LAUNCHED];
  process.once("disconnect", () => {
    setTimeout(() => process.exit(129), GRACE_MS).unref();
    process.kill(process.pid, "SIGHUP");
  });
  process.channel?.unref();
}
