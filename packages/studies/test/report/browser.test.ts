/* The report in a real browser: nothing is fetched, nothing fails, nothing sticks out of a phone or a screen. */
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { invertReport } from "./fixture.ts";

const BROWSER = "/usr/bin/chromium";

test.skipIf(!existsSync(BROWSER)).each([390, 1200])("the report fits a window of %i px and asks the network for nothing (skipped where chromium is not installed)", { timeout: 60_000 }, async (width) => {
  const path = join(await mkdtemp(join(tmpdir(), "tatara-page-")), "report.html");
  await writeFile(path, renderHtml(invertReport()));
  const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`file://${path}`);
    const inner = await page.evaluate("document.documentElement.scrollWidth");
    expect(inner).toBeLessThanOrEqual(width);
    expect(asked).toEqual([`file://${path}`]);
    expect(said).toEqual([]);
    expect(await page.locator("svg").count()).toBeGreaterThan(5);
  } finally {
    await browser.close();
  }
});
