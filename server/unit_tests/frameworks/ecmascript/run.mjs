// Runs test files inside of the sandbox and tells what came of it in one line, behind a word that only
// the server knows: whatever the tests print, it is no verdict. What to do comes as JSON on stdin.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REPORTS = '/tmp/codenook-reports';
const COVERAGE = '/tmp/codenook-coverage';
const SEPARATOR = ' > ';
const MOST_MESSAGE = 500;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const said = { tests: [], problem: '' };

function run(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stderr = '';
    child.stderr.on('data', (piece) => {
      process.stderr.write(piece);
      if (stderr.length < 1 << 16) stderr += piece;
    });
    child.on('close', (code, signal) => resolve({ code: signal ?? code, stderr }));
    child.on('error', (error) => resolve({ code: 'error', stderr: String(error) }));
  });
}

function firstLine(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  const telling = lines.find((line) => /\w*Error\b.*: /.test(line));
  return (telling ?? lines.find((line) => !line.startsWith('●')) ?? '').slice(0, MOST_MESSAGE);
}

// The first line of a message; where that only announces values, with these.
function add(name, verdict, message = '') {
  const [first = '', ...others] = String(message).split('\n').map((line) => line.trim()).filter(Boolean);
  const values = others.filter((line) => /^(?:Expected|Received)\b.*: /.test(line)).slice(0, 2);
  const line = first.endsWith(':') ? [first, others[0] ?? ''] : [first, ...values];
  said.tests.push([String(name), String(verdict), line.join(' ').slice(0, MOST_MESSAGE)]);
}

function parsed(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

async function runNode() {
  const env = { CODENOOK_STOP_AT_FIRST: asked.stopAtFirst ? '1' : '0' };
  if (asked.coverage) env.NODE_V8_COVERAGE = COVERAGE;
  const reporter = [`--test-reporter=${asked.reporter}`, '--test-reporter-destination=stdout'];
  for (const [number, file] of asked.files.entries()) {
    const report = `${REPORTS}/${number}`;
    const { code, stderr } = await run(
      [...asked.arguments, ...reporter, file],
      { ...env, CODENOOK_REPORT: report },
    );
    const lines = existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean) : [];
    let failed = false;
    for (const line of lines) {
      const { name, verdict, message } = JSON.parse(line);
      add(name, verdict, message);
      failed ||= verdict === 'failed';
    }
    if (code !== 0 && !failed) said.problem ||= firstLine(stderr) || `the run ended with ${code}`;
    if (failed && asked.stopAtFirst) break;
  }
}

async function runTool() {
  const { code, stderr } = await run([...asked.arguments, ...asked.files]);
  const report = parsed(`${REPORTS}/report.json`);
  for (const file of report?.testResults ?? []) {
    for (const each of file.assertionResults ?? []) {
      if (typeof each.title !== 'string') throw new Error('the report of the tests can not be read');
      const verdict = { passed: 'passed', failed: 'failed' }[each.status] ?? 'skipped';
      const groups = (each.ancestorTitles ?? []).filter(Boolean);
      add([...groups, each.title].join(SEPARATOR), verdict, each.failureMessages?.[0] ?? '');
    }
    if (file.status === 'failed' && !file.assertionResults?.some((each) => each.status === 'failed')) {
      said.problem ||= firstLine(file.message ?? '') || 'a test file could not be run';
    }
  }
  if (!report) said.problem ||= firstLine(stderr) || `the run ended with ${code}`;
}

// The number that each group of letters in a source map's mappings stands for (base 64, variable length).
function* numbers(mappings) {
  let value = 0;
  let shift = 0;
  for (const letter of mappings) {
    const digit = LETTERS.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    yield value & 1 ? -(value >> 1) : value >> 1;
    value = 0;
    shift = 0;
  }
}

// Where the places of a file are in what was made of it, by the source map that was written beside the coverage.
function translated(places, map) {
  if (!map?.data?.mappings) return places;
  const starts = [0];
  for (const length of map.lineLengths) starts.push(starts.at(-1) + length + 1);
  const segments = [];
  let [line, column] = [0, 0];
  map.data.mappings.split(';').forEach((row, made) => {
    let at = 0;
    for (const segment of row.split(',').filter(Boolean)) {
      const [step, , lines, columns] = numbers(segment);
      at += step;
      if (lines === undefined) continue;
      line += lines;
      column += columns;
      segments.push({ line, column, at: starts[made] + at });
    }
  });
  return places.flatMap(([number, , from]) => {
    const found = segments.filter((each) => each.line === number - 1 && each.column >= from);
    found.sort((a, b) => a.column - b.column || a.at - b.at);
    return found.length ? [[number, found[0].at]] : [];
  });
}

// V8 counts ranges, the innermost of which holds for a place; a place ran if it did in any process.
function ranInV8() {
  const ran = new Set();
  const names = existsSync(COVERAGE) ? readdirSync(COVERAGE) : [];
  for (const name of names) {
    const report = parsed(`${COVERAGE}/${name}`);
    for (const script of report?.result ?? []) {
      if (!script.url.startsWith('file:') || fileURLToPath(script.url) !== asked.coverage.path) continue;
      const ranges = script.functions.flatMap((each) => each.ranges);
      const map = report['source-map-cache']?.[script.url];
      for (const [line, at] of translated(asked.coverage.places, map)) {
        const around = ranges.filter((range) => range.startOffset <= at && at < range.endOffset);
        around.sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
        if (around.length && around[0].count > 0) ran.add(line);
      }
    }
  }
  return [...ran];
}

function ranInTool() {
  const report = parsed(`${COVERAGE}/coverage-final.json`) ?? {};
  const file = Object.values(report).find((each) => each.path === asked.coverage.path);
  const ran = new Set();
  for (const [id, place] of Object.entries(file?.statementMap ?? {})) {
    if (file.s[id] > 0) ran.add(place.start.line);
  }
  return [...ran];
}

mkdirSync(REPORTS, { recursive: true });
try {
  await (asked.tool === 'node' ? runNode() : runTool());
  if (asked.coverage) {
    said.lines = asked.coverage.places.map(([line]) => line);
    said.ran = asked.tool === 'node' ? ranInV8() : ranInTool();
  }
} catch (error) {
  said.problem ||= String(error?.message ?? error);
}
process.stdout.write(`\n${asked.word}${JSON.stringify(said)}\n`);
