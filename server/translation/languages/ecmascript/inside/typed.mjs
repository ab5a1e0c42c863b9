// TypeScript without its types: by its compiler where there is one, by a Node that can do it.

import { createRequire } from 'node:module';
import * as nodeModule from 'node:module';

class Refused extends Error {
  constructor(stage, message, line = 0) {
    super(message);
    Object.assign(this, { stage, line });
  }
}

export async function javascript({ text, isTypeScript, compiler }) {
  if (!isTypeScript) return text;
  if (compiler) return byCompiler(text, createRequire(compiler)(compiler));
  const strip = nodeModule.stripTypeScriptTypes;
  if (!strip) throw new Refused('toolchain', 'there is no TypeScript compiler (tsc) on PATH: npm install -g typescript');
  return strip(text, { mode: 'transform' });
}

function byCompiler(text, typescript) {
  const { ModuleKind, ScriptTarget } = typescript;
  const made = typescript.transpileModule(text, {
    reportDiagnostics: true,
    fileName: 'program.ts',
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext, verbatimModuleSyntax: false },
  });
  const [first] = made.diagnostics;
  if (!first) return made.outputText;
  const line = first.file && first.start !== undefined ? first.file.getLineAndCharacterOfPosition(first.start).line + 1 : 0;
  throw new Refused('compile', typescript.flattenDiagnosticMessageText(first.messageText, ' '), line);
}
