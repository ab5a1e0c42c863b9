// A reporter of node's own runner: one line of JSON for each test, named by the groups around it.

import { appendFileSync } from 'node:fs';

const SEPARATOR = ' > ';
const path = process.env.CODENOOK_REPORT;
const stopsAtFirst = process.env.CODENOOK_STOP_AT_FIRST === '1';
delete process.env.CODENOOK_REPORT;
delete process.env.CODENOOK_STOP_AT_FIRST;

function messageOf(error) {
  const cause = error?.cause instanceof Error ? error.cause : error;
  return String(cause?.message ?? cause ?? '');
}

// The report is written at once, and not yielded: the process may end with the next test.
export default async function* report(source) {
  const names = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names.push(data.name);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const name = [...names.slice(0, data.nesting), data.name].join(SEPARATOR);
    const isGroup = data.details?.type === 'suite';
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const failed = type === 'test:fail' && !skipped;
    const byOthers = data.details?.error?.failureType === 'subtestsFailed';
    if (isGroup && (!failed || byOthers)) continue;
    const verdict = failed ? 'failed' : skipped ? 'skipped' : 'passed';
    const message = failed ? messageOf(data.details?.error) : '';
    appendFileSync(path, `${JSON.stringify({ name, verdict, message })}\n`);
    if (failed && stopsAtFirst) process.exit(1);
  }
  yield '';
}
