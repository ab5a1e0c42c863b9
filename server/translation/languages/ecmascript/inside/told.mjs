// Values in JSON, as programs of all languages tell them. They are from another realm than this module.

import { types } from 'node:util';

export const MOST_ITEMS = 10_000;
const MOST_NODES = 20_000;
const MOST_CHARS = 400_000;
const MOST_DEPTH = 64;
const MOST_DIGITS = 4_000;
const MOST_MESSAGE = 300;
const LONE_SURROGATE = /\p{Surrogate}/u;

class TooMuch extends Error {}

function nameOf(value) {
  try {
    const name = typeof value === 'object' ? value.constructor.name : typeof value;
    return String(name).slice(0, 80) || 'Object';
  } catch {
    return 'Object';
  }
}

function hex(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

// UTF-8, in which surrogates may stand alone.
function bytesOf(text) {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0);
    if (point < 0xd800 || point > 0xdfff) return Buffer.from(character).toString('hex');
    return Buffer.from([0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f)]).toString('hex');
  }).join('');
}

function float(number) {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  return Object.is(number, -0) ? '-0.0' : String(number);
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
}

export function told(value) {
  let nodes = MOST_NODES;
  let chars = MOST_CHARS;

  function spend(count) {
    chars -= count;
    if (chars < 0) throw new TooMuch();
  }

  function list(values, depth) {
    if (values.length > nodes) throw new TooMuch();
    return Array.from(values, (each) => of(each, depth - 1));
  }

  function object(each, depth) {
    if (types.isProxy(each)) return { o: 'Proxy' };
    if (Array.isArray(each)) return list(each, depth);
    if (types.isMap(each)) {
      return { m: [...Map.prototype.entries.call(each)].map((pair) => list(pair, depth)) };
    }
    if (types.isSet(each)) return { s: list([...Set.prototype.values.call(each)], depth) };
    if (types.isUint8Array(each) || types.isUint8ClampedArray(each)) {
      spend(each.length);
      return { b: hex(each) };
    }
    if (types.isTypedArray(each)) return list(each, depth);
    if (types.isArrayBuffer(each)) return object(new Uint8Array(each), depth);
    if (types.isNativeError(each) || types.isBoxedPrimitive(each) || !isPlain(each)) return { o: nameOf(each) };
    const keys = Object.keys(each);
    if (keys.length > nodes) throw new TooMuch();
    return { m: keys.map((key) => list([key, each[key]], depth)) };
  }

  function of(each, depth) {
    nodes -= 1;
    if (nodes < 0 || depth < 0) throw new TooMuch();
    if (each === undefined || each === null || typeof each === 'boolean') return each ?? null;
    if (typeof each === 'number') return { f: float(each) };
    if (typeof each === 'string') {
      spend(each.length);
      return LONE_SURROGATE.test(each) ? { b: bytesOf(each) } : each;
    }
    if (typeof each === 'bigint') {
      const digits = String(each);
      if (digits.length > MOST_DIGITS) throw new TooMuch();
      return { i: digits };
    }
    return typeof each === 'object' ? object(each, depth) : { o: nameOf(each) };
  }

  try {
    return of(value, MOST_DEPTH);
  } catch {
    return { o: nameOf(value) };
  }
}

// The class and the message of what was thrown, which may be anything.
export function thrown(error) {
  try {
    if (!types.isNativeError(error)) {
      return { error: error === null ? 'null' : nameOf(error), message: String(error).slice(0, MOST_MESSAGE) };
    }
    const own = String(error.name);
    const name = own === 'Error' ? nameOf(error) : own;
    return { error: name.slice(0, 80), message: String(error.message).slice(0, MOST_MESSAGE).toWellFormed() };
  } catch {
    return { error: nameOf(error), message: '' };
  }
}
