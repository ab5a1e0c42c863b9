// TypeScript and JSX as JavaScript, by what the project has installed.

import module, { createRequire } from 'node:module';

function optional(url, name) {
  try {
    return createRequire(url)(name);
  } catch {
    return null;
  }
}

export function translated(url, content, format) {
  const isJsx = /\.[jt]sx$/.test(url);
  const esbuild = optional(url, 'esbuild') ?? optional(url, 'tsx/node_modules/esbuild');
  if (esbuild) {
    const loader = /\.jsx$/.test(url) ? 'jsx' : isJsx ? 'tsx' : 'ts';
    const options = { loader, format: format === 'module' ? 'esm' : 'cjs', target: 'node20', jsx: 'automatic' };
    return esbuild.transformSync(content, { ...options, sourcemap: false }).code;
  }
  const swc = optional(url, '@swc/core');
  if (swc) {
    const parser = { syntax: /\.jsx$/.test(url) ? 'ecmascript' : 'typescript', tsx: isJsx, jsx: isJsx, decorators: true };
    const kind = format === 'module' ? 'es6' : 'commonjs';
    return swc.transformSync(content, { jsc: { parser, target: 'es2022' }, module: { type: kind } }).code;
  }
  const typescript = optional(url, 'typescript');
  if (typescript) {
    const { ModuleKind, ScriptTarget, JsxEmit } = typescript;
    const compilerOptions = {
      module: format === 'module' ? ModuleKind.ESNext : ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      jsx: JsxEmit.ReactJSX,
      esModuleInterop: true,
      experimentalDecorators: true,
    };
    return typescript.transpileModule(content, { compilerOptions }).outputText;
  }
  if (typeof module.stripTypeScriptTypes === 'function' && !isJsx) return module.stripTypeScriptTypes(content);
  throw new Error('nothing here reads TypeScript: install typescript or esbuild in the project');
}
