// Chooses holes in the TypeScript packages and prints one JSON object a line: what a body uses, by TypeScript's checker.
//
//     npm install typescript@5.9.3 && node gold_typescript.mjs PACKAGES_FOLDER NAME=VERSION=FOLDER... > holes.jsonl
//
// Every hole was then read against the source; nothing had to be dropped or corrected.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const PER_PACKAGE = 9;
const LINES = [4, 60];
const NOT_CODE = /(^|\/)(tests?|__tests?__|__mocks__|benchmarks?|examples?|locales)\/|\.(test|spec|bench|d)\.[cm]?tsx?$/;

const OPTIONS = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
};

/** A generator of numbers from 0 to 1, the same in every run (mulberry32). */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(items, random) {
  const order = items.map((item) => [random(), item]);
  return order.sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

/** Functions at file level and methods, with their qualified names; none inside functions. */
function* functions(node, around = []) {
  const name = node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node)) {
    if (node.body && name) yield [node.body, [...around, name].join(".")];
  } else if (ts.isConstructorDeclaration(node)) {
    if (node.body) yield [node.body, [...around, "constructor"].join(".")];
  } else if ((ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) && node.initializer) {
    const held = node.initializer;
    if ((ts.isArrowFunction(held) || ts.isFunctionExpression(held)) && ts.isBlock(held.body) && name)
      yield [held.body, [...around, name].join(".")];
  } else if (ts.isClassLike(node) || ts.isModuleDeclaration(node)) {
    for (const child of ts.isModuleDeclaration(node) ? [node.body] : node.members)
      if (child) yield* functions(child, name ? [...around, name] : around);
  } else if (!ts.isFunctionLike(node) && !ts.isExpression(node)) {
    yield* children(node).flatMap((child) => [...functions(child, around)]);
  }
}

function children(node) {
  const found = [];
  ts.forEachChild(node, (child) => void found.push(child));
  return found;
}

function* all(node) {
  yield node;
  for (const child of children(node)) yield* all(child);
}

/** Where a body stands, in code units: from behind its first line's indentation to its last line's end. */
function span(body, text) {
  const inside = text.slice(body.getStart() + 1, body.end - 1);
  const first = inside.match(/^[^\S\n]*\n([^\S\n]*\n)*[^\S\n]*(?=\S)/);
  if (!first) return undefined;
  const start = body.getStart() + 1 + first[0].length;
  return [start, body.getStart() + 1 + inside.trimEnd().length];
}

/** The qualified name of a declaration; undefined when it is inside a function or has none. */
function qualified(declaration) {
  const names = [];
  for (let node = declaration; node && !ts.isSourceFile(node); node = node.parent) {
    if (node !== declaration && (ts.isFunctionLike(node) || ts.isBlock(node))) {
      const isProperty = ts.isParameter(declaration) && ts.isConstructorDeclaration(node);
      if (!isProperty) return undefined;
      continue;
    }
    const named = node.name && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name));
    if (named) names.unshift(node.name.text);
    else if (node.name) return undefined;
  }
  return names.join(".") || undefined;
}

function symbolsAt(node, checker) {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return [checker.getShorthandAssignmentValueSymbol(parent)];
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
    const key = parent.propertyName ?? parent.name;
    if (key === node) return [checker.getTypeAtLocation(parent.parent).getProperty(node.text)];
  }
  return [checker.getSymbolAtLocation(node)];
}

function* gold(body, from, root, checker) {
  for (const node of all(body)) {
    if (!ts.isIdentifier(node)) continue;
    for (let symbol of symbolsAt(node, checker)) {
      if (!symbol) continue;
      if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      if (symbol.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.TypeParameter) && !(symbol.flags & ts.SymbolFlags.NamespaceModule)) continue;
      const declarations = (symbol.declarations ?? []).filter((d) => !ts.isSourceFile(d) && !ts.isExpression(d));
      const places = new Set(declarations.map((d) => `${d.getSourceFile().fileName} ${qualified(d)}`));
      if (places.size !== 1) continue;
      const [declaration] = declarations;
      const file = declaration.getSourceFile();
      const path = relative(root, file.fileName);
      if (file === from || path.startsWith("..") || path.includes("node_modules") || file.isDeclarationFile) continue;
      if (ts.isParameter(declaration) && !ts.isParameterPropertyDeclaration(declaration, declaration.parent)) continue;
      if (ts.isTypeParameterDeclaration(declaration)) continue;
      const name = qualified(declaration);
      if (!name) continue;
      const line = file.getLineAndCharacterOfPosition((declaration.name ?? declaration).getStart()).line + 1;
      yield { path, symbol: name, line };
    }
  }
}

/** Keywords, and every name that the language's own libraries declare. */
function builtIn(program) {
  const names = new Set(["undefined"]);
  for (let kind = ts.SyntaxKind.FirstKeyword; kind <= ts.SyntaxKind.LastKeyword; kind++) names.add(ts.tokenToString(kind));
  for (const file of program.getSourceFiles())
    if (program.isSourceFileDefaultLibrary(file)) for (const node of all(file)) if (ts.isIdentifier(node)) names.add(node.text);
  return names;
}

function namesOf(body, from, known) {
  const [used, bound] = [new Set(), new Set()];
  for (const node of all(body)) {
    if (!ts.isIdentifier(node)) continue;
    const { parent } = node;
    const binds = parent.name === node && (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent) || ts.isFunctionLike(parent));
    (binds ? bound : used).add(node.text);
  }
  const text = from.text.slice(0, body.getStart()) + from.text.slice(body.end);
  const elsewhere = new Set(text.match(/[\p{L}\w$]+/gu) ?? []);
  return [...used].filter((name) => !bound.has(name) && !known.has(name) && !elsewhere.has(name)).sort();
}

const [folder, ...packages] = process.argv.slice(2);
for (const [n, pin] of packages.entries()) {
  const [name, version, holesIn] = pin.split("=");
  const root = join(folder, `${name.replace("/", "-").replace("@", "")}-${version}`);
  const paths = ts.sys.readDirectory(join(root, holesIn), [".ts", ".tsx", ".mts"]);
  const program = ts.createProgram(paths, OPTIONS);
  const checker = program.getTypeChecker();
  const known = builtIn(program);
  const random = chance(n + 1);
  const files = shuffled(program.getSourceFiles().filter((file) => paths.includes(file.fileName)), random).filter((file) => !NOT_CODE.test(relative(root, file.fileName)));
  const queues = files.map((file) => [file, shuffled([...functions(file)], random)]);
  let found = 0;
  for (let turn = 0; turn < 3; turn++)
    for (const [file, bodies] of queues) {
      while (bodies.length && found < PER_PACKAGE) {
        const [body, symbol] = bodies.shift();
        const place = span(body, file.text);
        if (!place) continue;
        const lines = file.text.slice(...place).split("\n").length;
        if (lines < LINES[0] || lines > LINES[1]) continue;
        const needed = new Map();
        for (const each of gold(body, file, root, checker)) needed.set(JSON.stringify(each), each);
        if (!needed.size) continue;
        const source = readFileSync(file.fileName);
        const bytes = (index) => Buffer.byteLength(file.text.slice(0, index));
        const order = (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
        console.log(JSON.stringify({
          package: name,
          version,
          path: relative(root, file.fileName),
          symbol,
          start: bytes(place[0]),
          end: bytes(place[1]),
          sha256: createHash("sha256").update(source).digest("hex"),
          gold: [...needed.values()].sort(order),
          names: namesOf(body, file, known),
        }));
        found++;
        break;
      }
    }
}
