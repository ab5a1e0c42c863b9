"""What the editor announced that it takes: how actions, edits and lenses may look."""

from lsprotocol import types
from pygls.capabilities import get_capability


def takes_edits(capabilities: types.ClientCapabilities) -> bool:
    """Whether the editor puts an edit in when it is asked to."""
    return bool(get_capability(capabilities, "workspace.apply_edit"))


def keeps_versions(capabilities: types.ClientCapabilities) -> bool:
    """Whether an edit can say which version of a document it is for."""
    return bool(get_capability(capabilities, "workspace.workspace_edit.document_changes"))


def shows_annotations(capabilities: types.ClientCapabilities) -> bool:
    """Whether an edit can say what it does."""
    return get_capability(capabilities, "workspace.workspace_edit.change_annotation_support") is not None


def takes_actions(capabilities: types.ClientCapabilities) -> bool:
    """Whether a code action may be more than a command."""
    return get_capability(capabilities, "text_document.code_action.code_action_literal_support") is not None


def shows_disabled(capabilities: types.ClientCapabilities) -> bool:
    """Whether an action that can't be chosen may be shown, with the reason."""
    return bool(get_capability(capabilities, "text_document.code_action.disabled_support"))


def tags_of_model(capabilities: types.ClientCapabilities) -> list[types.CodeActionTag] | None:
    """The tags of an action that asks a model, as far as the editor knows them."""
    known = get_capability(capabilities, "text_document.code_action.tag_support.value_set") or ()
    tag = types.CodeActionTag.LlmGenerated
    return [tag] if tag in known else None


def refreshes_lenses(capabilities: types.ClientCapabilities) -> bool:
    """Whether the editor asks for code lenses again when it is told to."""
    return bool(get_capability(capabilities, "workspace.code_lens.refresh_support"))


def opens_pages(capabilities: types.ClientCapabilities) -> bool:
    """Whether a diagnostic's code may lead to a page about it."""
    return bool(get_capability(capabilities, "text_document.publish_diagnostics.code_description_support"))


def shows_related(capabilities: types.ClientCapabilities) -> bool:
    """Whether a diagnostic may name other places."""
    return bool(get_capability(capabilities, "text_document.publish_diagnostics.related_information"))


def marks_unused(capabilities: types.ClientCapabilities) -> bool:
    """Whether a diagnostic may say that code is unnecessary, which editors show faded."""
    known = get_capability(capabilities, "text_document.publish_diagnostics.tag_support.value_set") or ()
    return types.DiagnosticTag.Unnecessary in known


def creates_files(capabilities: types.ClientCapabilities) -> bool:
    """Whether an edit can make a file. An editor that says so takes edits in order, versions or not."""
    known = get_capability(capabilities, "workspace.workspace_edit.resource_operations") or ()
    return types.ResourceOperationKind.Create in known


def shows_documents(capabilities: types.ClientCapabilities) -> bool:
    """Whether the editor opens a document for the user when it is asked to."""
    return bool(get_capability(capabilities, "window.show_document.support"))
