// Values as expressions that make them again.

import { isDate, isMap, isRegExp, isSet, isTypedArray } from 'node:util/types';

const MOST_CHARACTERS = 2000;
const MOST_DEPTH = 8;
const NAME = /^[A-Za-z_$][\w$]*$/;
const ERRORS = new Set([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]);
const NATIVE = new Set([Array, Map, Set, RegExp, URL, Buffer, Promise, WeakMap, WeakSet]);

const hidden = new Set();

export class Unwritable extends Error {}

export function kindOf(value) {
  if (value === undefined || value === null || typeof value === 'boolean') return 'same';
  return typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value) ? 'close' : 'equal';
}

// Names of fields that nobody outside of a class may read.
export function hide(names) {
  for (const name of names) hidden.add(name);
}

// The public fields of an object of a class of the project's; null for all other values.
export function fieldsOf(value) {
  if (value === null || typeof value !== 'object') return null;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || isTypedArray(value) || isDate(value)) return null;
  if (value instanceof Error || [...NATIVE].some((each) => value instanceof each)) return null;
  return Object.keys(value)
    .filter((name) => NAME.test(name) && !name.startsWith('_') && !hidden.has(name))
    .filter((name) => 'value' in Object.getOwnPropertyDescriptor(value, name))
    .map((name) => [name, value[name]]);
}

export function written(value, zone) {
  const text = write(value, zone, 0, new Set());
  if (text.length > MOST_CHARACTERS) throw new Unwritable('more than can be read');
  return text;
}

function write(value, zone, depth, around) {
  if (value === undefined || value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return string(value);
  if (typeof value === 'symbol') return symbol(value);
  if (typeof value === 'function') throw new Unwritable('a function');
  if (depth > MOST_DEPTH || around.has(value)) throw new Unwritable('a value that holds itself');
  const inside = new Set(around).add(value);
  return object(value, zone, (each) => write(each, zone, depth + 1, inside));
}

function string(value) {
  if (value.length > MOST_CHARACTERS) throw new Unwritable('more than can be read');
  return JSON.stringify(value).replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029').replace(/\x7f/g, '\\x7f');
}

function symbol(value) {
  const key = Symbol.keyFor(value);
  if (key === undefined) throw new Unwritable('a symbol');
  return `Symbol.for(${string(key)})`;
}

function object(value, zone, inner) {
  if (Array.isArray(value)) return array(value, inner);
  const { constructor } = value;
  if (isDate(value)) return date(value, zone);
  if (isRegExp(value)) return String(value);
  if (isMap(value) && constructor === Map) {
    const pairs = [...value].map(([key, held]) => `[${inner(key)}, ${inner(held)}]`);
    return pairs.length ? `new Map([${pairs.join(', ')}])` : 'new Map()';
  }
  if (isSet(value) && constructor === Set) {
    return value.size ? `new Set([${[...value].map(inner).join(', ')}])` : 'new Set()';
  }
  if (Buffer.isBuffer(value)) return `Buffer.from([${[...value].join(', ')}])`;
  if (isTypedArray(value)) return `new ${constructor.name}([${[...value].map(inner).join(', ')}])`;
  if (value instanceof URL) return `new URL(${string(value.href)})`;
  if (ERRORS.has(constructor) && !Object.keys(value).length) return `new ${constructor.name}(${string(value.message)})`;
  const prototype = Object.getPrototypeOf(value);
  if (typeof value.then === 'function') throw new Unwritable('a promise inside of a value');
  if (prototype !== null && prototype !== Object.prototype) {
    throw new Unwritable(`an object of the class ${constructor?.name ?? 'without a name'}`);
  }
  return plain(value, prototype, inner);
}

function array(value, inner) {
  if (Object.getPrototypeOf(value) !== Array.prototype) throw new Unwritable('an array of a class of its own');
  if (Object.keys(value).length !== value.length) throw new Unwritable('an array with holes or with properties');
  return `[${value.map(inner).join(', ')}]`;
}

function plain(value, prototype, inner) {
  if (Object.getOwnPropertySymbols(value).length) throw new Unwritable('an object with symbols');
  const parts = prototype === null ? ['__proto__: null'] : [];
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (get) throw new Unwritable('an object with getters');
    if (!Object.prototype.propertyIsEnumerable.call(value, name)) throw new Unwritable('an object with hidden fields');
    const key = name === '__proto__' ? '["__proto__"]' : NAME.test(name) ? name : string(name);
    parts.push(`${key}: ${inner(value[name])}`);
  }
  return parts.length ? `{ ${parts.join(', ')} }` : '{}';
}

// Where only the local time is the same in two time zones, a test has to make it of that.
function date(value, zone) {
  if (Number.isNaN(value.getTime())) throw new Unwritable('an invalid date inside of a value');
  if (zone === 'utc') return `new Date(${string(value.toISOString())})`;
  const parts = [value.getFullYear(), value.getMonth(), value.getDate(), value.getHours(), value.getMinutes()];
  parts.push(value.getSeconds(), value.getMilliseconds());
  while (parts.length > 3 && parts[parts.length - 1] === 0) parts.pop();
  if (value.getFullYear() < 100) throw new Unwritable('a date of the first century');
  return `new Date(${parts.join(', ')})`;
}
