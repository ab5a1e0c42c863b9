import { commands, Disposable } from 'vscode';
import { type Beside, here, mayRun } from './beside';
import type { Server } from './server';

/** The server's command, which the code action carries, too. */
const UNIT_TESTS = 'codenook.unitTests';

/** What the server returns, as far as it is used here (docs/lsp.md). */
interface Answer {
  symbol: string;
  path?: string;
  text?: string | null;
  report: string;
  reason: string | null;
}

/** The command that writes unit tests. The server opens their file; the report is shown beside it. */
export function registerUnitTests(server: Server, beside: Beside): Disposable {
  const ask = async (argument: unknown) => {
    if (await mayRun('Unit tests run')) {
      const answer = await server.run<Answer>(UNIT_TESTS, argument);
      if (answer) {
        await show(answer);
      }
    }
  };

  const show = async ({ symbol, path, text, report, reason }: Answer) => {
    if (reason === 'not_run' && path && text) {
      await beside.preview(`not run: ${path.split('/').pop()}`, text);
    }
    if (report) {
      await beside.report(`Unit tests for ${symbol}`, report);
    }
  };

  return Disposable.from(
    server.instead(UNIT_TESTS, ask),
    commands.registerTextEditorCommand('codenook.writeUnitTests', (editor) => ask(here(editor))),
  );
}
