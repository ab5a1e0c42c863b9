import { type Extension, workspace } from 'vscode';

export const SECTION = 'codenook';
export const PYTHON = 'python';

/** `machine` settings are the user's alone; a workspace has a say in `window` settings. */
export type Scope = 'machine' | 'window';

/**
 * The server's settings of one scope, under the server's own names.
 *
 * Null stands for what nobody has set: a default sent from here would hide the user's file and the project's.
 */
export function serverSettings(extension: Extension<unknown>, scope: Scope): Record<string, unknown> {
  const declared: Record<string, { scope: Scope }> =
    extension.packageJSON.contributes.configuration.properties;
  const names = Object.keys(declared)
    .filter((name) => declared[name]?.scope === scope)
    .map((name) => name.slice(SECTION.length + 1))
    .filter((name) => name !== PYTHON);
  const section = workspace.getConfiguration(SECTION);
  return Object.fromEntries(names.map((name) => [name, isSet(name) ? section.get(name) : null]));
}

function isSet(name: string): boolean {
  const found = workspace.getConfiguration(SECTION).inspect(name);
  const places = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue];
  return places.some((value) => value !== undefined);
}
