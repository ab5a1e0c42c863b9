// A program, loaded anew in a realm of its own for each call.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import vm from 'node:vm';

const GIVEN = new vm.Script(readFileSync(new URL('./given.js', import.meta.url), 'utf8'));
const PASSED = [
  ...['Buffer', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'AbortController', 'AbortSignal', 'Event'],
  ...['EventTarget', 'atob', 'btoa', 'crypto', 'performance', 'process', 'queueMicrotask', 'structuredClone'],
];
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];
const FILE = 'program.js';
const LINE = /program\.m?js:(\d+)/;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

const requireBuiltIn = createRequire('/tmp/program.js');

// The line of the program that an error is at, as far as it says so: an error at the end is on its last line.
export function lineOf(error, { text, isModule }) {
  const isSyntax = error instanceof SyntaxError;
  const said = isSyntax && isModule ? checked(text) : String(error?.stack);
  return Math.min(Number(LINE.exec(said)?.[1] ?? 0), text.trimEnd().split('\n').length);
}

// What Node says of a module that doesn't compile: in this process it doesn't say where.
function checked(text) {
  const file = `/tmp/${FILE.replace('.js', '.mjs')}`;
  writeFileSync(file, text);
  return spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' }).stderr;
}

// What is bound to a name at the top of the program, whatever it exports.
function finding(symbol) {
  const [root] = symbol.split('.');
  return `typeof ${root} === 'undefined' ? undefined : ${root}`;
}

export class Program {
  constructor({ text, symbol, isModule }) {
    this.symbol = symbol;
    this.isModule = isModule;
    const code = text.replace(/^#!/, '//');
    const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.|$)/u.test(symbol);
    const found = isName ? finding(symbol) : 'undefined';
    this.code = isModule ? `${code}\n;export const codenookFound = () => ${found};` : code;
    if (isModule) new vm.SourceTextModule(code, { identifier: FILE, context: vm.createContext() });
    else {
      vm.compileFunction(code, PARAMETERS, { filename: FILE }); // it is a body by itself
      const end = `\n;return { codenookFound: () => ${found} };\n})`;
      this.script = new vm.Script(`(function (${PARAMETERS}) {${code}${end}`, { filename: FILE });
    }
  }

  async loaded() {
    const { context, stop } = realm();
    const given = GIVEN.runInContext(context);
    const space = this.isModule ? await this.#module(context) : this.#script(context);
    const bound = space.codenookFound?.();
    const names = this.symbol.split('.');
    let owner;
    let found = bound ?? space.exported?.[names[0]] ?? space[names[0]] ?? space.default;
    for (const name of names.slice(1)) {
      owner = found;
      found = owner?.prototype && name in owner.prototype ? owner.prototype : owner;
      found = Object.getOwnPropertyDescriptor(found ?? {}, name)?.get ? null : found?.[name];
    }
    if (found === undefined) throw new Error(`there is no ${this.symbol}`);
    return { given, owner, found, name: names.at(-1), stop };
  }

  async #module(context) {
    const module = new vm.SourceTextModule(this.code, {
      identifier: FILE,
      context,
      importModuleDynamically: (specifier) => builtIn(specifier, context),
    });
    await module.link((specifier) => builtIn(specifier, context));
    await module.evaluate();
    return module.namespace;
  }

  #script(context) {
    const module = { exports: vm.runInContext('({})', context) };
    const run = this.script.runInContext(context);
    const space = Reflect.apply(run, module.exports, [module.exports, requireBuiltIn, module, FILE, '/tmp']);
    const { exports } = module;
    return { ...space, exported: typeof exports === 'function' ? { ...exports, [this.symbol]: exports } : exports };
  }
}

async function builtIn(specifier, context) {
  const name = specifier.replace(/^node:/, '');
  if (!builtinModules.includes(name)) throw new Error(`there is no module ${specifier}`);
  const module = await import(`node:${name}`);
  const names = Object.keys(module);
  const made = new vm.SyntheticModule(
    names,
    function set() {
      for (const each of names) this.setExport(each, module[each]);
    },
    { context },
  );
  await made.link(() => {});
  await made.evaluate();
  return made;
}

// A global object with what Node has there; its timers end with the call.
function realm() {
  const context = vm.createContext({});
  const started = [];
  for (const name of PASSED) context[name] = globalThis[name];
  for (const name of TIMERS) {
    context[name] = (...args) => {
      const timer = globalThis[name](...args);
      started.push(timer);
      return timer;
    };
    const clear = name.replace('set', 'clear');
    context[clear] = globalThis[clear];
  }
  context.console = Object.fromEntries(Object.keys(console).map((name) => [name, () => {}]));
  context.global = vm.runInContext('globalThis', context);
  const stop = () => {
    for (const timer of started) {
      clearTimeout(timer);
      clearImmediate(timer);
    }
  };
  return { context, stop };
}
