// Bundles the extension into dist/extension.js, with the licences of what is bundled beside it.

import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { metafile } = await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: true,
  metafile: true,
});

const folders = Object.keys(metafile.inputs).map(
  (path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0],
);
const packages = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
await writeFile('dist/licenses.txt', (await Promise.all(packages.map(licenceOf))).join('\n'));
await copyFile('../../LICENSE', 'LICENSE');

async function licenceOf(folder) {
  const { name, version } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version}\n\n${await readFile(`${folder}/${file}`, 'utf8')}`;
}
