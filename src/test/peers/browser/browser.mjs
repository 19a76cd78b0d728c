// A real browser that a test drives: Debian's chromium (or CHROMIUM=PATH), by the protocol of ../README.md.
import { createInterface } from "node:readline";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const TIMEOUT = 30000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WHERE = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executablePath = WHERE.find((path) => path && existsSync(path));
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
let page;
let complaints = [];

function say(object) {
  process.stdout.write(JSON.stringify(object) + "\n");
}

const commands = {
  /** A fresh page of this size and colour scheme. */
  async open({ url, width = 1280, height = 900, scheme = "light" }) {
    await page?.context().close();
    complaints = [];
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    const response = await page.goto(url);
    return { status: response.status() };
  },
  /** Waits until the text of the first such element contains this. */
  async awaitText({ selector, text }) {
    await page.locator(selector).filter({ hasText: text }).first().waitFor();
  },
  async awaitHidden({ selector }) {
    await page.locator(selector).first().waitFor({ state: "hidden" });
  },
  async text({ selector }) {
    return { text: (await page.locator(selector).allInnerTexts()).join("\n") };
  },
  async attribute({ selector, name }) {
    return { value: await page.locator(selector).first().getAttribute(name) };
  },
  async click({ selector }) {
    await page.locator(selector).first().click();
  },
  async fill({ selector, text }) {
    await page.locator(selector).fill(text);
  },
  async press({ key }) {
    await page.keyboard.press(key);
  },
  async focus({ selector }) {
    await page.locator(selector).first().focus();
  },
  /** What has the focus: its id, else its text. */
  async focused() {
    return { focused: await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()) };
  },
  /** Rules of accessibility (WCAG 2.2 A and AA, best practices) that the page breaks. */
  async axe() {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    return { violations: violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(" ")).slice(0, 5).join("; ")}`) };
  },
  /** Whether the page is wider than its window. */
  async overflows() {
    return { overflows: await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth) };
  },
  async screenshot({ file }) {
    await page.screenshot({ path: file, fullPage: true });
  },
  /** Errors of scripts and of the console since the page was opened. */
  async complaints() {
    return { complaints };
  },
};

say({ event: "ready", peer: `chromium ${browser.version()}`, addrs: [] });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, cmd, ...fields } = JSON.parse(line);
  if (cmd === "quit") break;
  const begin = performance.now();
  const result = { event: "result", id, ok: true };
  try {
    Object.assign(result, await commands[cmd](fields));
  } catch (error) {
    Object.assign(result, { ok: false, error: String(error.message ?? error) });
  }
  say({ ...result, ms: Math.round(performance.now() - begin) });
}
await browser.close();
