// The report in a real browser, from disk, with the network cut: one request, nothing clipped, accessible.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const report = join(process.env.INFOPLANE_DEMO, "report.html");
const url = pathToFileURL(report).href;
const axe = createRequire(import.meta.url).resolve("axe-core");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
let browser;

before(async () => {
  const named = process.env.INFOPLANE_BROWSER;
  const executablePath = named ? await found(named) : await packaged();
  browser = await chromium.launch({ executablePath, args: quiet });
});
after(() => browser?.close());

/** The browser inside an npm package; its own arguments run everything in one process, which ends with its first page. */
async function packaged() {
  return (await import("@sparticuz/chromium")).default.executablePath();
}

/** A browser by path, or by name on the path. */
async function found(name) {
  if (name.includes("/")) return name;
  for (const folder of process.env.PATH.split(":")) {
    const path = join(folder, name);
    if (await stat(path).then((s) => s.isFile(), () => false)) return path;
  }
  throw new Error(`no ${name} on the path`);
}

/** Opens the report offline; returns the page with its requests and complaints. */
async function open({ width = 1200, scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, requests, complaints };
}

test("opens from disk with a single request and no complaint", async () => {
  const { page, requests, complaints } = await open();
  assert.deepEqual(requests, [url]);
  assert.deepEqual(complaints, []);
  assert.ok((await page.locator("h1").count()) === 1);
  await page.context().close();
});

test("is one file under 1 MB that names no other", async () => {
  const { size } = await stat(report);
  assert.ok(size < 1_000_000, `${size} bytes`);
  const text = await readFile(report, "utf8");
  const loads = text.match(/(?:src|xlink:href)\s*=\s*["'](?!data:|#)[^"']+|@import|url\((?!["']?(?:data:|#))/g);
  assert.equal(loads, null);
});

test("draws every figure for every network", async () => {
  const { page } = await open();
  const figures = await page.locator("figure svg").count();
  assert.ok(figures >= 14, `${figures} figures`);
  const empty = await page.evaluate(() =>
    [...document.querySelectorAll("figure svg")].filter((svg) => {
      const box = svg.getBoundingClientRect();
      return box.width < 100 || box.height < 60 || !svg.querySelector("title")?.textContent.trim();
    }).length);
  assert.equal(empty, 0);
  await page.context().close();
});

test("clips no text of a figure", async () => {
  const { page } = await open();
  const clipped = await page.evaluate(() => {
    const out = [];
    for (const svg of document.querySelectorAll("figure svg")) {
      const frame = svg.getBoundingClientRect();
      for (const text of svg.querySelectorAll("text")) {
        const box = text.getBoundingClientRect();
        if (box.width === 0) continue;
        const slack = 1;
        if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack ||
            box.bottom > frame.bottom + slack) {
          out.push(`${svg.querySelector("title")?.textContent}: ${text.textContent}`);
        }
      }
    }
    return out;
  });
  assert.deepEqual(clipped, []);
  await page.context().close();
});

test("reads on a phone: no sideways scrolling of the page, no text under 12 px outside figures", async () => {
  const { page } = await open({ width: 360 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((node) => !node.closest("svg, math") && node.childNodes.length && [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()))
      .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 12)
      .map((node) => `${node.tagName}: ${node.textContent.trim().slice(0, 40)}`));
  assert.deepEqual(small, []);
  await page.context().close();
});

for (const scheme of ["light", "dark"]) {
  test(`has no accessibility violation (${scheme})`, async () => {
    const { page } = await open({ scheme });
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const lines = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}) ${v.nodes[0].html.slice(0, 120)}`);
    assert.deepEqual(lines, []);
    await page.context().close();
  });
}

test("answers the demo's questions in a table", async () => {
  const { page } = await open();
  const text = await page.locator("main").innerText();
  for (const word of ["above its floor", "coupling", "I(X;T)"]) assert.ok(text.includes(word), word);
  assert.ok((await page.locator("table").count()) >= 1);
  await page.context().close();
});
