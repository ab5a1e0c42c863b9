import { commands, type ExtensionContext, window, workspace } from 'vscode';
import { Beside } from './beside';
import { followCursor } from './cursor';
import { registerReviews } from './review';
import { Server } from './server';
import { PYTHON, SECTION } from './settings';
import { createStatusBar } from './statusBar';
import { registerTranslations } from './translate';
import { registerUnitTests } from './unitTests';

let server: Server;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('codenook', { log: true });
  server = new Server(context, log);
  const beside = new Beside();
  context.subscriptions.push(
    log,
    beside,
    ...createStatusBar(server),
    followCursor(server),
    registerReviews(server),
    registerTranslations(server, beside),
    registerUnitTests(server, beside),
    server.onTrouble(tellTrouble),
    commands.registerCommand('codenook.restart', () => server.restart()),
    commands.registerCommand('codenook.showLog', () => log.show()),
    commands.registerCommand('codenook.showStatus', showStatus),
    commands.registerCommand('codenook.why', why),
    workspace.onDidCloseTextDocument((document) => server.reasons.forget(document)),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration(`${SECTION}.${PYTHON}`)) {
        await server.restart();
      }
    }),
  );
  void server.restart();
}

export function deactivate(): Promise<void> {
  return server.stop();
}

async function tellTrouble(trouble: string): Promise<void> {
  const actions = new Map([
    ['Open Settings', () => commands.executeCommand('workbench.action.openSettings', `${SECTION}.${PYTHON}`)],
    ['Show Log', () => commands.executeCommand('codenook.showLog')],
    ['Restart Server', () => commands.executeCommand('codenook.restart')],
  ]);
  const chosen = await window.showErrorMessage(trouble, ...actions.keys());
  await (chosen && actions.get(chosen)?.());
}

async function why(): Promise<void> {
  const reason = server.reasons.of(window.activeTextEditor?.document);
  if (server.trouble) {
    await tellTrouble(server.trouble);
  } else if (reason) {
    await window.showInformationMessage(`${reason.message} (${reason.reason})`);
  } else {
    await window.showInformationMessage('The last request in this document was not answered empty.');
  }
}

async function showStatus(): Promise<void> {
  const status = await server.status();
  if (!status) {
    await tellTrouble(server.trouble ?? 'The server does not run.');
    return;
  }
  const counters = Object.entries(status.counters).map(([name, count]) => `${name}: ${count}`);
  const detail = [
    `model: ${status.model}`,
    `engine: ${status.engine ? `running, process ${status.engine.pid}` : 'not running'}`,
    ...counters,
  ].join('\n');
  await window.showInformationMessage(`codenook ${status.version}`, { modal: true, detail });
}
