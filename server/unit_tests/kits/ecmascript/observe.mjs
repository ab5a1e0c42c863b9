// Calls the target with one input after the other, in a process of its own, and tells what came of each in
// one line, behind a word that only the server knows. A call that hangs or ends the process costs itself alone.

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./observed.mjs', import.meta.url));
const asked = JSON.parse(readFileSync(0, 'utf8'));
const results = {};
let problem = '';
let left = asked.calls;

function attempt(calls) {
  return new Promise((resolve) => {
    const child = fork(CHILD, [], {
      execArgv: [...process.execArgv, ...asked.flags, `--random-seed=${asked.seed}`, '--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let current = null;
    let stderr = '';
    let timer = setTimeout(() => end('it takes too long to import'), asked.importMs);
    let ended = '';
    const end = (why) => {
      ended ||= why;
      child.kill('SIGKILL');
    };
    child.stderr.on('data', (piece) => {
      if (stderr.length < 1 << 14) stderr += piece;
    });
    child.on('message', (message) => {
      if (message.failed !== undefined) {
        problem = `it can't be imported: ${message.failed}`;
        return end('-');
      }
      const isOfTheCall = message.isReady ? current === null : message.id === current && current !== null;
      if (!isOfTheCall) return undefined; // the target talks to us
      clearTimeout(timer);
      if (!message.isReady) results[current] = message;
      current = message.next ?? null;
      if (current === null) return end('-');
      timer = setTimeout(() => end(`it took more than ${asked.callMs} ms`), asked.callMs);
      return undefined;
    });
    child.on('error', (error) => {
      problem ||= String(error.message);
    });
    child.on('close', () => {
      clearTimeout(timer);
      const said = stderr.split('\n').find((line) => /Error\b.*: /.test(line)) ?? '';
      if (current === null && ended !== '-' && !problem) problem = ended || `it can't be imported: ${said.trim()}`;
      if (current !== null) results[current] = { id: current, problem: ended || 'it ended the process' };
      resolve();
    });
    child.send({ ...asked, calls });
  });
}

for (let lost = 0; left.length && !problem; lost += 1) {
  if (lost > asked.mostLost) {
    problem = 'too many of its calls hang or end the process';
    break;
  }
  await attempt(left);
  left = left.filter((call) => results[call.id] === undefined);
}
process.stdout.write(`\n${asked.word}${JSON.stringify({ problem, results })}\n`);
