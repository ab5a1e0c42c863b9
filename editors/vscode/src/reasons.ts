import { EventEmitter, type TextDocument } from 'vscode';

/** The notification `codenook/answered`, which precedes every empty answer. */
export interface Answered {
  uri: string;
  reason: string;
  message: string;
}

/** Reasons that say nothing about the document: a newer request took over, or the editor lost interest. */
const PASSING = new Set(['superseded', 'cancelled']);

/** Why the last answer in a document was empty. */
export class Reasons {
  private readonly ofDocuments = new Map<string, Answered>();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  of(document: TextDocument | undefined): Answered | undefined {
    return document && this.ofDocuments.get(document.uri.toString());
  }

  remember(answered: Answered): void {
    if (!PASSING.has(answered.reason)) {
      this.ofDocuments.set(answered.uri, answered);
      this.changed.fire();
    }
  }

  forget(document: TextDocument): void {
    if (this.ofDocuments.delete(document.uri.toString())) {
      this.changed.fire();
    }
  }

  clear(): void {
    this.ofDocuments.clear();
    this.changed.fire();
  }
}
