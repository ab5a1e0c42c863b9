import { commands, Disposable, window } from 'vscode';
import { type Beside, here, mayRun, whole } from './beside';
import type { Server } from './server';

/** The server's command, which the code actions carry, too. */
const TRANSLATE = 'codenook.translate';

/** Its argument, as far as it is used here (docs/lsp.md); without a language `to`, the user is asked. */
interface Asked {
  uri: string;
  to?: string;
}

/** What `codenook/translationTargets` answers, as far as it is used here. */
interface Targets {
  targets: { language: string; title: string; why_not: string }[];
}

/** What the command returns, as far as it is used here. */
interface Answer {
  symbol: string;
  path?: string;
  name?: string;
  text: string | null;
  is_preview: boolean;
  report: string;
}

/** The commands that translate. The server opens the new file; the report is shown beside it. */
export function registerTranslations(server: Server, beside: Beside): Disposable {
  const ask = async (argument: unknown) => {
    const asked = argument as Asked;
    if (await mayRun('Comparing a translation runs')) {
      const to = asked.to || (await chosen(asked.uri));
      const answer = to !== undefined && (await server.run<Answer>(TRANSLATE, { ...asked, to }));
      if (answer) {
        await show(answer);
      }
    }
  };

  /** The language that the user chooses; empty where there is no choice, and the server says why. */
  const chosen = async (uri: string): Promise<string | undefined> => {
    const known = await server.ask<Targets>('codenook/translationTargets', { textDocument: { uri } });
    const able = known?.targets.filter(({ why_not }) => !why_not) ?? [];
    const items = able.map(({ language, title }) => ({ label: title, language }));
    if (items.length === 0) {
      return '';
    }
    return (await window.showQuickPick(items, { placeHolder: 'The language to translate to' }))?.language;
  };

  const show = async ({ symbol, path, name, text, is_preview, report }: Answer) => {
    if (is_preview && text) {
      await beside.preview(`not proved: ${name}`, text);
    }
    if (report) {
      await beside.report(`Translation of ${symbol || path?.split('/').pop()}`, report);
    }
  };

  return Disposable.from(
    server.instead(TRANSLATE, ask),
    commands.registerTextEditorCommand('codenook.translateHere', (editor) => ask(here(editor))),
    commands.registerTextEditorCommand('codenook.translateFile', ({ document }) => ask(whole(document))),
  );
}
