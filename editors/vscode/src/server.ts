import {
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  type Position,
  type TextDocument,
  workspace,
} from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  DidChangeConfigurationNotification,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { choosePython, findCodenook, ISOLATED } from './python';
import { type Answered, Reasons } from './reasons';
import { PYTHON, SECTION, serverSettings } from './settings';

/** What `codenook/status` answers, as docs/lsp.md describes it. */
export interface Status {
  version: string;
  model: string;
  engine: { pid: number } | null;
  counters: Record<string, number>;
}

/** A server that dies this often within this time is not started again. */
const DEATHS = 5;
const DEATHS_MS = 180_000;

/** The language server and the client that speaks with it. Every start makes a new client. */
export class Server {
  readonly reasons = new Reasons();
  /** Why there is no server, in a sentence for the user. */
  trouble: string | undefined;

  private client: LanguageClient | undefined;
  private readonly handlers = new Map<string, (argument: unknown) => Promise<void>>();
  private turn = Promise.resolve();
  private deaths: number[] = [];
  private readonly changed = new EventEmitter<void>();
  private readonly troubled = new EventEmitter<string>();
  readonly onDidChange = this.changed.event;
  readonly onTrouble = this.troubled.event;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** Starts the server, after ending the one that runs. It never throws: `onTrouble` says what went wrong. */
  restart(): Promise<void> {
    this.turn = this.turn.then(() => this.end()).then(() => this.begin());
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.end());
    return this.turn;
  }

  /** Asks the server how it is; undefined when there is none. */
  status(): Promise<Status | undefined> {
    return this.ask<Status>('codenook/status', {});
  }

  /** Asks the server with one of codenook's own methods, once it has started; undefined when there is none. */
  async ask<Result>(method: string, params: object): Promise<Result | undefined> {
    await this.turn;
    return this.trouble ? undefined : this.client?.sendRequest<Result>(method, params);
  }

  /** Runs one of the server's commands, once it has started; undefined when there is none, or it refuses. */
  async run<Result>(command: string, argument: unknown): Promise<Result | undefined> {
    await this.turn;
    const params = { command, arguments: [argument] };
    try {
      return this.trouble ? undefined : await this.client?.sendRequest(ExecuteCommandRequest.type, params);
    } catch (error) {
      this.log.warn(`${command} was not answered: ${error}`);
      return undefined;
    }
  }

  /** Has one of the server's commands, when an action or a lens carries it, handled here first. */
  instead(command: string, handler: (argument: unknown) => Promise<void>): Disposable {
    this.handlers.set(command, handler);
    return new Disposable(() => this.handlers.delete(command));
  }

  /** Tells where the cursor rests; a server that does not run need not know. */
  async tellCursor(document: TextDocument, position: Position): Promise<void> {
    const client = this.client;
    if (client?.state === State.Running) {
      const params = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      await client.sendNotification('codenook/cursor', params);
    }
  }

  private async begin(): Promise<void> {
    this.trouble = undefined;
    this.deaths = [];
    this.changed.fire();
    const folder = this.context.extensionPath; // not the workspace, which is the client's default
    let python: string;
    try {
      python = choosePython(workspace.getConfiguration(SECTION).get(PYTHON, ''));
      this.log.info(`codenook ${await findCodenook(python, folder)} at ${python}`);
    } catch (error) {
      this.give(error instanceof Error ? error.message : String(error));
      return;
    }
    const command = {
      command: python,
      args: [...ISOLATED, '-m', 'codenook', 'serve'],
      options: { cwd: folder },
    };
    const client = new QuietClient('codenook', 'codenook', command, this.clientOptions());
    client.onNotification('codenook/answered', (answered: Answered) => this.reasons.remember(answered));
    client.onDidChangeState(({ newState }) => {
      if (newState === State.StartFailed) {
        this.give('The server did not start. Its log says why.');
      }
      this.changed.fire();
    });
    this.client = client;
    await client.start().catch(() => undefined); // it has told: its state is StartFailed
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.reasons.clear();
    if (client?.needsStop()) {
      await client.stop().catch((error) => this.log.warn(`the server did not end in order: ${error}`));
    }
  }

  /** Gives the trouble to whoever shows it. */
  private give(trouble: string): void {
    this.trouble = trouble;
    this.log.error(trouble);
    this.troubled.fire(trouble);
    this.changed.fire();
  }

  /** Decides what follows when the server died: it is started again, but not for ever. */
  private died(): CloseHandlerResult {
    if (!this.isRunning) {
      return { action: CloseAction.DoNotRestart }; // it did not even start
    }
    const now = Date.now();
    this.deaths = [...this.deaths.filter((death) => now - death < DEATHS_MS), now];
    if (this.deaths.length < DEATHS) {
      return { action: CloseAction.Restart };
    }
    this.give('The server ended again and again and is not started any more. Its log says why.');
    return { action: CloseAction.DoNotRestart };
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      initializationOptions: () => ({ ...this.settings('window'), machine: this.settings('machine') }),
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }), // a broken connection is closed next
        closed: () => this.died(),
      },
      middleware: {
        workspace: {
          configuration: (params) => params.items.map(() => this.settings('window')),
          didChangeConfiguration: async () => this.passSettings(),
        },
        executeCommand: (command, args, next) => {
          const handler = this.handlers.get(command);
          return handler ? handler(args[0]) : next(command, args);
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

/** Writes its errors to the log only: what the user should know is told once, by `onTrouble`. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
