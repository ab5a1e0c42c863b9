import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

const ON_WINDOWS = process.platform === 'win32';

/** Keeps the working directory (-P) and PYTHONPATH (-E) off the import path: no code of a workspace runs. */
export const ISOLATED = ['-P', '-E'];

/** The configured Python, or else the one beside the command `codenook` on the PATH, or else plain Python 3. */
export function choosePython(configured: string): string {
  if (configured !== '') {
    return configured;
  }
  const command = onPath(ON_WINDOWS ? 'codenook.exe' : 'codenook');
  const beside =
    command && path.join(path.dirname(realpathSync(command)), ON_WINDOWS ? 'python.exe' : 'python');
  if (beside && existsSync(beside)) {
    return beside;
  }
  return ON_WINDOWS ? 'python' : 'python3';
}

/** Returns codenook's version, or throws what the user should know and do. Python runs in `folder`. */
export async function findCodenook(python: string, folder: string): Promise<string> {
  const ask = [...ISOLATED, '-c', 'import codenook; print(codenook.__version__)'];
  try {
    const { stdout } = await promisify(execFile)(python, ask, { cwd: folder });
    return stdout.trim();
  } catch (error) {
    throw new Error(explain(python, error as Failure));
  }
}

/** What `execFile` fails with: a system's code like ENOENT, or an exit status and what Python said. */
interface Failure extends Error {
  code?: string | number;
  stderr?: string;
}

function explain(python: string, failure: Failure): string {
  const stderr = failure.stderr ?? '';
  if (failure.code === 'ENOENT') {
    return `There is no Python at "${python}". Set codenook.python to the Python that codenook is installed in.`;
  }
  if (stderr.includes("No module named 'codenook'")) {
    return `codenook is not installed for "${python}". Install it there, or set codenook.python to the Python that has it.`;
  }
  if (stderr.includes('nknown option')) {
    return `"${python}" is older than the Python 3.11 that codenook needs. Set codenook.python to a newer one.`;
  }
  const said = stderr.trim().split('\n').at(-1) || failure.message;
  return `"${python}" can't run codenook: ${said} Set codenook.python to the Python that codenook is installed in.`;
}

function onPath(program: string): string | undefined {
  // A relative folder on the PATH could lie in a workspace.
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}
