// Hooks of node's module loader; see load.mjs.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { translated } from './translate.mjs';

const WRITTEN_FOR = { '.js': ['.ts', '.tsx', '.jsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.jsx', '.cts', '.cjs', '.json'];
const TRANSLATED = /\.(?:[cm]?ts|tsx|jsx)$/;
const IS_MODULE = /^\s*(?:import\b(?!\s*\()|export\b)/m;
const IS_WHOLE = /^\s*export\s*=/m;

function isFile(url) {
  const path = fileURLToPath(url);
  return existsSync(path) && statSync(path).isFile();
}

function candidates(url) {
  const { href } = url;
  const extension = /\.[cm]?jsx?$/.exec(href)?.[0] ?? '';
  const instead = (WRITTEN_FOR[extension] ?? []).map((other) => href.slice(0, -extension.length) + other);
  const inside = href.endsWith('/') ? href : `${href}/`;
  return [
    ...instead,
    ...EXTENSIONS.map((other) => href + other),
    ...EXTENSIONS.map((other) => `${inside}index${other}`),
  ];
}

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier) || !context.parentURL) throw error;
    const found = candidates(new URL(specifier, context.parentURL)).find((url) => isFile(url));
    if (found === undefined) throw error;
    return { url: found, shortCircuit: true };
  }
}

export async function load(url, context, next) {
  if (!url.startsWith('file:')) return next(url, context);
  if (url.endsWith('.json') && !context.importAttributes?.type) {
    const content = readFileSync(fileURLToPath(url), 'utf8');
    return { format: 'module', source: `export default ${content};`, shortCircuit: true };
  }
  const isTranslated = TRANSLATED.test(url);
  if (!isTranslated && !url.endsWith('.js')) return next(url, context);
  const content = readFileSync(fileURLToPath(url), 'utf8');
  const isModule = IS_MODULE.test(content) && !IS_WHOLE.test(content) && !url.endsWith('.cts');
  if (!isTranslated && !isModule) return next(url, context);
  const format = isModule ? 'module' : 'commonjs';
  const source = isTranslated ? translated(url, content, format) : content;
  return { format, source, shortCircuit: true };
}
