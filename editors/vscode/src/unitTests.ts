import {
  commands,
  Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Server } from './server';

/** The server's command, which the code action carries, too. */
const UNIT_TESTS = 'codenook.unitTests';

const MANAGE_TRUST = 'Manage Workspace Trust';

/** The scheme of documents that are in no file: reports, and tests that were not run. */
const SCHEME = 'codenook';

/** What the server returns, as far as it is used here (docs/lsp.md). */
interface Answer {
  symbol: string;
  path?: string;
  text?: string | null;
  report: string;
  reason: string | null;
}

/** The command that writes unit tests. The server opens their file; the report is shown beside it. */
export function registerUnitTests(server: Server): Disposable {
  const shown = new Documents();

  const ask = async (argument: unknown) => {
    if (!workspace.isTrusted) {
      await askForTrust();
      return;
    }
    const answer = await server.run<Answer>(UNIT_TESTS, argument);
    if (answer) {
      await show(answer);
    }
  };

  const show = async ({ symbol, path, text, report, reason }: Answer) => {
    if (reason === 'not_run' && path && text) {
      const preview = shown.set(`not run: ${path.split('/').pop()}`, text);
      await window.showTextDocument(preview, { preview: false });
    }
    if (report) {
      const uri = shown.set(`Unit tests for ${symbol}.md`, report);
      await commands.executeCommand('vscode.openWith', uri, 'vscode.markdown.preview.editor', {
        viewColumn: ViewColumn.Beside,
        preserveFocus: true,
      });
    }
  };

  return Disposable.from(
    shown,
    workspace.registerTextDocumentContentProvider(SCHEME, shown),
    workspace.onDidCloseTextDocument(({ uri }) => shown.forget(uri)),
    server.instead(UNIT_TESTS, ask),
    commands.registerTextEditorCommand('codenook.writeUnitTests', (editor) => ask(here(editor))),
  );
}

function here({ document, selection }: TextEditor): unknown {
  const { line, character } = selection.active;
  return { uri: document.uri.toString(), position: { line, character }, version: document.version };
}

async function askForTrust(): Promise<void> {
  const why = 'Unit tests run code of this workspace, in a sandbox, which needs your trust in it.';
  if ((await window.showWarningMessage(why, MANAGE_TRUST)) === MANAGE_TRUST) {
    await commands.executeCommand('workbench.trust.manage');
  }
}

/** Texts by name that can be read in the editor, and not be changed. */
class Documents implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  /** Gives a text a name, in the place of the one that had it. */
  set(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  forget(uri: Uri): void {
    if (uri.scheme === SCHEME) {
      this.texts.delete(uri.path);
    }
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  dispose(): void {
    this.changed.dispose();
  }
}
