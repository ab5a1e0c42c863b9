// A browser that obeys: one JSON request per line on stdin, one JSON answer per line on stdout.
// usage: node vscode_browser.mjs DIR     where DIR/node_modules has playwright-core

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(join(process.argv[2], 'package.json'))('playwright-core');
const browser = await chromium.launch({
  executablePath: process.env.CODENOOK_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
    ['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ),
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });

const commands = {
  open: (url) => page.goto(url).then(() => null),
  press: (keys) => page.keyboard.press(keys),
  type: (text) => page.keyboard.type(text),
  click: (selector) => page.click(selector),
  screenshot: (path) => page.screenshot({ path }).then(() => null),
  /** The visible text of all elements that match. */
  texts: (selector) => page.locator(selector).allInnerTexts(),
  /** The same in all frames of the page: a preview has its own. */
  framed: async (selector) =>
    (
      await Promise.all(
        page.frames().map((frame) => frame.locator(selector).allInnerTexts().catch(() => [])),
      )
    ).flat(),
  /** The same for several selectors at one moment, after what changed just now was drawn. */
  drawn: (selectors) =>
    page.evaluate(async (selectors) => {
      for (let frame = 0; frame < 2; frame++) {
        await new Promise(requestAnimationFrame);
      }
      const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.innerText);
      return selectors.map(texts);
    }, selectors),
  attributes: ([selector, name]) =>
    page.locator(selector).evaluateAll((all, wanted) => all.map((one) => one.getAttribute(wanted)), name),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, argument] = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await commands[command](argument)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
await browser.close();
