import { commands, Disposable, type TextEditor, window } from 'vscode';
import type { Server } from './server';

/** The argument of the server's command `codenook.review`, as docs/lsp.md describes it. */
interface Asked {
  scope: 'change' | 'document' | 'selection';
  uri: string;
  since?: string;
  lines?: [number, number];
  version?: number;
}

/** What it returns, as far as it is used here. */
interface Answer {
  report: { findings: unknown[] } | null;
}

/** The commands that review. What is found is in the Problems, which come to the front. */
export function registerReviews(server: Server): Disposable {
  const uri = (editor = window.activeTextEditor) => editor?.document.uri.toString() ?? '';

  const ask = async (asked: Asked) => {
    const answer = await server.run<Answer>('codenook.review', asked);
    if (answer?.report?.findings.length) {
      await commands.executeCommand('workbench.actions.view.problems');
    }
  };

  const since = async () => {
    const revision = await window.showInputBox({
      prompt: 'A revision; with ... behind it, where HEAD parted from it.',
      placeHolder: 'main...',
    });
    if (revision) {
      await ask({ scope: 'change', uri: uri(), since: revision });
    }
  };

  return Disposable.from(
    commands.registerCommand('codenook.reviewChanges', () => ask({ scope: 'change', uri: uri() })),
    commands.registerCommand('codenook.reviewChangesSince', since),
    commands.registerTextEditorCommand('codenook.reviewFile', (editor) =>
      ask({ scope: 'document', uri: uri(editor) }),
    ),
    commands.registerTextEditorCommand('codenook.reviewSelection', (editor) =>
      ask({ scope: 'selection', uri: uri(editor), ...selected(editor) }),
    ),
  );
}

/** The lines of a selection, from 1; one that ends before the first column of a line is without it. */
function selected({ document, selection }: TextEditor): { lines: [number, number]; version: number } {
  const { start, end } = selection;
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return { lines: [start.line + 1, last], version: document.version };
}
