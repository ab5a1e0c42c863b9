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

/** The scheme of documents that are in no file: reports, and what was not proved. */
const SCHEME = 'codenook';

const MANAGE_TRUST = 'Manage Workspace Trust';

/** What the server made, shown with its report; neither is in a file. */
export class Beside implements Disposable {
  private readonly shown = new Documents();
  private readonly registered: Disposable = Disposable.from(
    this.shown,
    workspace.registerTextDocumentContentProvider(SCHEME, this.shown),
    workspace.onDidCloseTextDocument(({ uri }) => this.shown.forget(uri)),
  );

  /** Shows a text as what it is: its name says that it was not proved. */
  async preview(name: string, text: string): Promise<void> {
    await window.showTextDocument(this.shown.set(name, text), { preview: false });
  }

  /** Shows a report in Markdown beside what it is about. */
  async report(name: string, report: string): Promise<void> {
    const uri = this.shown.set(`${name}.md`, report);
    await commands.executeCommand('vscode.openWith', uri, 'vscode.markdown.preview.editor', {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
    });
  }

  dispose(): void {
    this.registered.dispose();
  }
}

/** Where the cursor is, as the server's commands take it. */
export function here({ document, selection }: TextEditor): object {
  const { line, character } = selection.active;
  return { ...whole(document), position: { line, character } };
}

/** All of a document, as the server's commands take it. */
export function whole({ uri, version }: TextEditor['document']): object {
  return { uri: uri.toString(), version };
}

/** Whether code of the workspace may run; where not, the user is told `what` does, and where to trust it. */
export async function mayRun(what: string): Promise<boolean> {
  if (workspace.isTrusted) {
    return true;
  }
  const why = `${what} code of this workspace, in a sandbox, which needs your trust in it.`;
  if ((await window.showWarningMessage(why, MANAGE_TRUST)) === MANAGE_TRUST) {
    await commands.executeCommand('workbench.trust.manage');
  }
  return false;
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
