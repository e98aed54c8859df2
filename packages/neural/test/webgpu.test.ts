/* The same graphs on a GPU: onnxruntime's WebGPU provider on the software Vulkan driver that comes with Debian's chromium. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const CHROMIUM = "/usr/lib/chromium";
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

test.skipIf(!existsSync(DRIVER))("training on WebGPU gives what the CPU gives (skipped without chromium's software driver)", () => {
  const env = { ...process.env, VK_ICD_FILENAMES: DRIVER, LD_LIBRARY_PATH: CHROMIUM };
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("webgpuProbe.ts", import.meta.url))], { env, encoding: "utf8", timeout: 50_000 });
  expect(status, stderr).toBe(0);
  const { cpu, webgpu } = JSON.parse(stdout) as { readonly cpu: readonly number[]; readonly webgpu: readonly number[] };
  expect(webgpu).toHaveLength(cpu.length);
  webgpu.forEach((v, i) => expect(Math.abs(v - cpu[i])).toBeLessThan(1e-5));
});
