// Makes the calls that it is asked for, one at a time; what can't be ended from within is ended with it.

import { parentPort, workerData } from 'node:worker_threads';

import { Program, lineOf } from './program.mjs';
import { MOST_ITEMS, thrown, told } from './told.mjs';

const say = parentPort.postMessage.bind(parentPort);
const parameters = JSON.stringify(workerData.parameters);
const madeFrom = JSON.stringify(workerData.made_from);

async function valueOf(made) {
  const value = await made;
  if (typeof value?.next !== 'function') return value;
  const isAsync = typeof value[Symbol.asyncIterator] === 'function';
  if (!isAsync && typeof value[Symbol.iterator] !== 'function') return value;
  const items = [];
  while (items.length < MOST_ITEMS) {
    const step = isAsync ? await value.next() : value.next();
    if (step.done) break;
    items.push(step.value);
  }
  return items;
}

function called(loaded, made, values) {
  const { owner, found, name } = loaded;
  if (owner === undefined) return found(...values);
  const isMember = typeof owner === 'function' && !workerData.is_static;
  const receiver = isMember ? new owner(...made) : owner;
  return found === null ? receiver[name] : receiver[name](...values);
}

async function outcome(program, [madeWith, args]) {
  const loaded = await program.loaded();
  try {
    const made = loaded.given(JSON.stringify(madeWith), madeFrom);
    const { values, unfit } = loaded.given(JSON.stringify(args), parameters);
    const why = unfit ?? made.unfit;
    if (why !== undefined) return { how: 'not_run', why };
    const seen = Array.from(values);
    try {
      const value = await valueOf(called(loaded, Array.from(made.values), seen));
      return { how: 'returned', value: told(value), after: Array.from(seen, told) };
    } catch (error) {
      return { how: 'raised', ...thrown(error) };
    }
  } finally {
    loaded.stop();
  }
}

function refused(stage, error) {
  const { error: name, message } = thrown(error);
  return { refused: stage, message: `${name}: ${message}`.split('\n')[0], line: lineOf(error, workerData) };
}

async function begun() {
  let program;
  try {
    program = new Program(workerData);
  } catch (error) {
    return say(refused('compile', error));
  }
  if (workerData.calls === null) return say({ ready: true });
  try {
    (await program.loaded()).stop();
  } catch (error) {
    return say(refused('load', error));
  }
  parentPort.on('message', async ({ number, call }) => {
    say({ ...(await outcome(program, call)), call: number });
  });
  return say({ ready: true });
}

process.on('unhandledRejection', () => {});
await begun();
