import { EventEmitter, type ExtensionContext, type LogOutputChannel, workspace } from 'vscode';
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { CannotStart, choosePython, findCodenook, ISOLATED } from './python';
import { type Answered, Reasons } from './reasons';
import { PYTHON, SECTION, serverSettings } from './settings';

/** What `codenook/status` answers, as docs/lsp.md describes it. */
export interface Status {
  version: string;
  model: string;
  engine: { pid: number } | null;
  counters: Record<string, number>;
}

/** The language server and the client that speaks with it. It is started anew, never reused. */
export class Server {
  readonly reasons = new Reasons();
  /** Why there is no server, in a sentence for the user. */
  trouble: string | undefined;

  private client: LanguageClient | undefined;
  private turn = Promise.resolve();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** Starts the server, after ending the one that runs. It never throws: `trouble` says what went wrong. */
  restart(): Promise<void> {
    this.turn = this.turn.then(() => this.end()).then(() => this.begin());
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.end());
    return this.turn;
  }

  async status(): Promise<Status | undefined> {
    return this.client?.sendRequest<Status>('codenook/status', {});
  }

  private async begin(): Promise<void> {
    this.trouble = undefined;
    this.changed.fire();
    const python = choosePython(workspace.getConfiguration(SECTION).get(PYTHON, ''));
    const folder = this.context.extensionPath; // not the workspace, which is the client's default
    try {
      const version = await findCodenook(python, folder);
      this.log.info(`starting codenook ${version} with ${python}`);
      const command = {
        command: python,
        args: [...ISOLATED, '-m', 'codenook', 'serve'],
        options: { cwd: folder },
      };
      this.client = new LanguageClient('codenook', 'codenook', command, this.clientOptions());
      this.client.onNotification('codenook/answered', (answered: Answered) =>
        this.reasons.remember(answered),
      );
      this.client.onDidChangeState(() => this.noteState());
      await this.client.start();
    } catch (error) {
      this.trouble = error instanceof CannotStart ? error.message : `The server did not start: ${error}`;
      this.log.error(this.trouble);
      this.changed.fire();
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.reasons.clear();
    if (client?.needsStop()) {
      await client.stop().catch((error) => this.log.warn(`the old server did not stop in order: ${error}`));
    }
  }

  private noteState(): void {
    const ended = this.client?.state === State.Stopped;
    this.trouble = ended ? 'The server ended again and again. Its log says more.' : undefined;
    this.changed.fire();
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      initializationOptions: () => ({ ...this.settings('window'), machine: this.settings('machine') }),
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never, // the status bar tells, and does not interrupt
      middleware: {
        workspace: {
          configuration: (params) => params.items.map(() => this.settings('window')),
          didChangeConfiguration: async () => this.passSettings(),
        },
        provideInlineCompletionItems: async (document, position, context, token, next) => {
          const answer = await next(document, position, context, token);
          const items = Array.isArray(answer) ? answer : answer?.items;
          if (items?.length) {
            this.reasons.forget(document);
          }
          return answer;
        },
      },
    };
  }

  private settings(scope: 'machine' | 'window'): Record<string, unknown> {
    return serverSettings(this.context.extension, scope);
  }

  private async passSettings(): Promise<void> {
    const settings = { [SECTION]: this.settings('window') };
    await this.client?.sendNotification('codenook/didChangeMachineSettings', this.settings('machine'));
    await this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings });
  }
}
