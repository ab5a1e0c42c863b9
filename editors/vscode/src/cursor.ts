import { Disposable, type TextEditor, window } from 'vscode';
import type { Server } from './server';

/** The cursor rests when it was not moved for so long. */
const REST_MS = 100;

/** Tells the server where the cursor rests, before anything is typed there. */
export function followCursor(server: Server): Disposable {
  let timer: NodeJS.Timeout | undefined;

  const moved = (editor: TextEditor | undefined) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (editor && editor === window.activeTextEditor) {
        void server.tellCursor(editor.document, editor.selection.active);
      }
    }, REST_MS);
  };

  moved(window.activeTextEditor);
  return Disposable.from(
    server.onDidChange(() => moved(window.activeTextEditor)),
    window.onDidChangeActiveTextEditor(moved),
    window.onDidChangeTextEditorSelection(({ textEditor }) => moved(textEditor)),
    new Disposable(() => clearTimeout(timer)),
  );
}
