// Has a worker make the calls and tells what came of each in one line, behind a word that only the server knows.

import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { javascript } from './typed.mjs';

const LOAD_MS = 10_000;
const END_MS = 1_500;
const MEGABYTES = 256;

const [word, ...rest] = readFileSync(0, 'utf8').split('\n');
const job = JSON.parse(rest.join('\n'));
const until = Date.now() + (job.all_s ?? 0) * 1000;

const tell = (told) => process.stdout.write(`\n${word}${JSON.stringify(told)}\n`);
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'late'));

// A worker, and what it says next: `null` for one that ended.
class Working {
  constructor(workerData) {
    this.said = [];
    this.wake = () => {};
    this.worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('message', (message) => this.#hear(message));
    this.worker.on('error', () => this.#hear(null));
    this.worker.on('exit', () => this.#hear(null));
  }

  #hear(message) {
    this.said.push(message);
    this.wake();
  }

  // The next message that `isOfIt`, 'late' after so long.
  async next(ms, isOfIt) {
    const end = Date.now() + ms;
    for (;;) {
      while (this.said.length) {
        const message = this.said.shift();
        if (message === null || isOfIt(message)) return message;
      }
      const left = end - Date.now();
      if (left <= 0) return 'late';
      const woken = new Promise((resolve) => {
        this.wake = resolve;
      });
      let timer;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, left);
      });
      await Promise.race([woken, late]);
      clearTimeout(timer);
    }
  }

  // A worker in a system call does not end: this process does, and is started again.
  async end() {
    if ((await Promise.race([this.worker.terminate(), after(END_MS)])) === 'late') {
      tell({ again: true });
      process.kill(process.pid, 'SIGKILL');
    }
  }
}

async function ready(asked) {
  const working = new Working(asked);
  const said = await working.next(LOAD_MS, (message) => message?.ready || message?.refused);
  if (said?.ready) return working;
  const why = said === 'late' ? 'it takes too long to load' : 'it ends the program';
  tell(said?.refused ? said : { refused: 'load', message: why, line: 0 });
  return null;
}

async function main() {
  let asked;
  try {
    asked = { ...job, text: await javascript(job) };
  } catch (error) {
    return tell({ refused: error.stage ?? 'compile', message: String(error.message), line: error.line ?? 0 });
  }
  let working = await ready(asked);
  if (working === null) return undefined;
  tell({ ready: true });
  let hung = 0;
  for (const [number, call] of job.calls ?? []) {
    if (hung >= job.most_hung || Date.now() > until) {
      const why = hung >= job.most_hung ? 'too many other calls take too long' : 'no time was left';
      tell({ call: number, how: 'not_run', why });
      continue;
    }
    working ??= await ready(asked);
    if (working === null) break;
    working.worker.postMessage({ number, call });
    const said = await working.next(job.call_s * 1000, (message) => message?.call === number);
    if (said !== null && said !== 'late') {
      tell({ ...said, call: number });
      continue;
    }
    tell({ call: number, how: said === null ? 'crashed' : 'timed_out' });
    hung += said === 'late';
    await working.end();
    working = null;
  }
  return undefined;
}

await main();
process.exit(0);
