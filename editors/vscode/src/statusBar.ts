import { type Disposable, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Server } from './server';

/** Shows how the server is, and why the last answer in the active document was empty. */
export function createStatusBar(server: Server): Disposable[] {
  const item = window.createStatusBarItem('codenook', StatusBarAlignment.Right);
  item.name = 'codenook';
  item.command = 'codenook.why';

  const show = () => {
    const why = server.reasons.of(window.activeTextEditor?.document);
    item.backgroundColor = server.trouble ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    if (server.trouble) {
      item.text = '$(error) codenook';
      item.tooltip = server.trouble;
    } else if (!server.isRunning) {
      item.text = '$(loading~spin) codenook';
      item.tooltip = 'The server is starting.';
    } else if (why) {
      item.text = `$(circle-slash) codenook: ${why.reason}`;
      item.tooltip = why.message;
    } else {
      item.text = '$(check) codenook';
      item.tooltip = 'codenook is ready.';
    }
  };

  show();
  item.show();
  return [
    item,
    server.onDidChange(show),
    server.reasons.onDidChange(show),
    window.onDidChangeActiveTextEditor(show),
  ];
}
