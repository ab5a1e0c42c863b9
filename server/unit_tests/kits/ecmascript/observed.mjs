// The process in which the target is called: imports it, evaluates each input, tells what came of the call.

import { isDeepStrictEqual } from 'node:util';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { Unwritable, fieldsOf, hide, kindOf, written } from './written.mjs';

const AsyncFunction = (async () => {}).constructor;
const MOST_ITEMS = 100;
const MOST_APPLIED = 2;
const TOLERANCE = 1e-9;
const FROM_THE_ENGINE =
  /^Cannot |is not (?:a function|defined|iterable|a constructor)|Cannot read|undefined is not|^Invalid (?:array|string) length|^Maximum call stack|^Class extends|circular structure|Reduce of empty array|^Unexpected |^Invalid regular/;

const tell = (message) => new Promise((resolve) => process.send(message, resolve));

// Another day in another process: what depends on the time isn't the same twice.
function shiftTime(by) {
  const Real = Date;
  const now = () => Real.now() + by;
  const Shifted = new Proxy(Real, {
    construct: (target, args, newTarget) =>
      args.length ? Reflect.construct(target, args, newTarget === Shifted ? target : newTarget) : new Real(now()),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  Real.prototype.constructor = Shifted;
  globalThis.Date = Shifted;
}

function member(module, { how, name }, isCommonJs) {
  const whole = isCommonJs ? module.default : module;
  if (how === 'whole') return module.default;
  if (how === 'default') return whole?.default ?? (isCommonJs ? whole : undefined);
  return whole?.[name] ?? module[name] ?? module.default?.[name];
}

async function scopeOf(asked) {
  const module = await import(pathToFileURL(asked.file).href);
  const scope = {};
  for (const each of asked.bindings) scope[each.binding] = member(module, each, asked.isCommonJs);
  const [first] = asked.bindings;
  if (scope[first.binding] === undefined) throw new Error(`${first.name} is not among its exports`);
  return scope;
}

function texts(value) {
  return { utc: written(value, 'utc'), local: written(value, 'local'), kind: kindOf(value) };
}

function textsOrNull(value) {
  try {
    return texts(value);
  } catch {
    return null;
  }
}

function isIterator(value) {
  return typeof value?.next === 'function' && typeof value?.[Symbol.iterator] === 'function';
}

function isPromise(value) {
  return typeof value?.then === 'function';
}

function valueTold(value, told) {
  if (isIterator(value)) {
    const items = [];
    for (const item of value) {
      if (items.length === MOST_ITEMS) throw new Unwritable('it goes on without an end');
      items.push(item);
    }
    told.form = 'spread';
    told.value = texts(items);
    return items;
  }
  if (typeof value?.[Symbol.asyncIterator] === 'function') throw new Unwritable('an asynchronous iterator');
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    told.form = 'text';
    told.value = texts(String(value));
    return value;
  }
  const fields = fieldsOf(value);
  if (fields) {
    told.form = 'fields';
    told.fields = fields.map(([name, held]) => [name, textsOrNull(held)]).filter(([, text]) => text);
    if (!told.fields.length) throw new Unwritable(`an object of the class ${value.constructor?.name}`);
    return value;
  }
  told.form = 'plain';
  told.value = texts(value);
  return value;
}

// A function that a call returns, seen by what it makes of some values.
async function applied(make, scope, told, probes) {
  told.form = 'applied';
  told.applied = [];
  for (const probe of probes) {
    if (told.applied.length === MOST_APPLIED) break;
    try {
      const value = (await make())(await evaluated(scope, [], probe));
      if (value !== undefined && !isPromise(value)) told.applied.push([probe, texts(value)]);
    } catch {
      // not a value for it
    }
  }
  if (!told.applied.length) throw new Unwritable('a function');
}

function errorTold(error) {
  if (!(error instanceof Error)) return null;
  const message = String(error.message);
  const isBuiltIn = /^(?:Type|Range|Reference|Syntax|URI|Eval)?Error$/.test(error.constructor?.name ?? '');
  return {
    name: String(error.name),
    message: message.includes('\n') || (isBuiltIn && FROM_THE_ENGINE.test(message)) ? '' : message,
  };
}

function agrees(value, expected) {
  if (typeof value === 'number' && typeof expected === 'number') {
    return Object.is(value, expected) || Math.abs(value - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  }
  return isDeepStrictEqual(value, expected);
}

async function evaluated(scope, setup, code) {
  const names = Object.keys(scope);
  return new AsyncFunction(...names, `${setup.join('\n')}\nreturn (${code});`)(...names.map((name) => scope[name]));
}

async function observe(call, scope, asked) {
  const told = { id: call.id };
  let receiver;
  let args;
  try {
    const code = `[${call.receiver || 'undefined'}, [${call.arguments}]]`;
    [receiver, args] = await evaluated(scope, call.setup, code);
  } catch (error) {
    return { ...told, problem: `the input can't be made: ${String(error?.message ?? error)}` };
  }
  const before = args.map(textsOrNull);
  const own = receiver && (fieldsOf(receiver) ?? Object.entries(receiver));
  const ownBefore = own && Object.fromEntries(own.map(([name, held]) => [name, textsOrNull(held)]));
  const make = () => {
    const holder = call.receiver ? receiver : scope[call.binding];
    const callee = call.member ? holder[call.member] : holder;
    if (call.isGetter) return callee;
    if (call.isNew) return new callee(...args);
    return call.member ? holder[call.member](...args) : callee(...args);
  };
  let value;
  try {
    value = make();
    told.isAsync = isPromise(value);
    if (told.isAsync) value = await value;
  } catch (error) {
    told.error = errorTold(error);
    if (!told.error) return { ...told, problem: 'it throws what is no error' };
    return told;
  }
  try {
    if (receiver !== undefined && value === receiver) told.form = 'self';
    else if (typeof value === 'function') await applied(make, scope, told, asked.probes);
    else {
      const seen = valueTold(value, told);
      if (call.expected) {
        try {
          told.agrees = agrees(seen, await evaluated(scope, [], call.expected));
        } catch {
          delete told.agrees;
        }
      }
    }
  } catch (error) {
    told.form = 'none';
    told.why = error instanceof Unwritable ? `it returns ${error.message}` : String(error?.message ?? error);
  }
  told.mutated = args
    .map((argument, index) => [index, textsOrNull(argument)])
    .filter(([index, after]) => before[index] && after && !isDeepStrictEqual(before[index], after));
  if (ownBefore) {
    const after = fieldsOf(receiver) ?? Object.entries(receiver);
    told.receiver = after
      .map(([name, held]) => [name, textsOrNull(held)])
      .filter(([name, text]) => text && !isDeepStrictEqual(ownBefore[name] ?? null, text));
  }
  return told;
}

process.once('message', async (asked) => {
  process.on('unhandledRejection', () => {});
  setInterval(() => {}, 1 << 30); // a promise that never settles is no reason to leave
  hide(asked.hidden);
  if (asked.shiftMs) shiftTime(asked.shiftMs);
  globalThis.require ??= createRequire(asked.file);
  let scope;
  try {
    scope = await scopeOf(asked);
  } catch (error) {
    await tell({ failed: String(error?.message ?? error).split('\n')[0] });
    return;
  }
  let before = { isReady: true };
  for (const call of asked.calls) {
    await tell({ ...before, next: call.id });
    before = await observe(call, scope, asked);
  }
  await tell(before);
});
