// Lets node import what a bundler or a test runner would: TypeScript, JSX, modules in files that node takes for
// CommonJS, imports without extensions. What translates them is the project's own (esbuild, swc, typescript).

import { readFileSync } from 'node:fs';
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

import { translated } from './translate.mjs';

register('./hooks.mjs', import.meta.url);

for (const extension of ['.ts', '.tsx', '.cts', '.jsx']) {
  Module._extensions[extension] ??= (module, path) => {
    module._compile(translated(pathToFileURL(path).href, readFileSync(path, 'utf8'), 'commonjs'), path);
  };
}
