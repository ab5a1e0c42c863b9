"""``textDocument/completion``: the candidates as a menu, for editors without inline completion."""

import re

from lsprotocol import types
from pygls.capabilities import get_capability

from codenook.server.lsp.inline_completion import Answer, accepting, candidates
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import position_at
from codenook.server.lsp.type_along import Offer

TRIGGER_CHARACTERS = (".", "(", "[", "{", ",", "=", ":", " ")
"""What editors ask after, besides the letters of a word."""

MAX_WORD = 100
"""Characters before the cursor that can be a word."""

_NO_WORD = re.compile(r"\W")
_BACKTICKS = re.compile(r"`+")


async def completion(server: CodenookServer, params: types.CompletionParams) -> types.CompletionList:
    """Answer with candidates; the list is incomplete, because each keystroke may ask for others."""
    context = params.context
    explicit = context is None or context.trigger_kind is types.CompletionTriggerKind.Invoked
    answer = await candidates(
        server, params.text_document.uri, params.position, automatic=not explicit, debounced=True
    )
    items = [_item(server, answer, offer, rank) for rank, offer in enumerate(answer.offers)]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(server: CodenookServer, answer: Answer, offer: Offer, rank: int) -> types.CompletionItem:
    """Put ``offer`` after the word before the cursor: editors show an item that begins like that word."""
    word = _NO_WORD.split(answer.text[max(0, answer.offset - MAX_WORD) : answer.offset])[-1]
    start = position_at(answer.text, answer.offset - len(word), server.encoding)
    code = word + offer.text
    first, *more = [line.strip() for line in code.split("\n") if line.strip()] or [code]
    return types.CompletionItem(
        label=f"{first} …" if more else first,
        kind=types.CompletionItemKind.Text,
        detail="codenook",
        documentation=_documentation(server, answer.language, code),
        sort_text=f"{rank:02}",
        filter_text=first,
        insert_text=code,
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(types.Range(start, answer.selection.range.end), code),
        command=accepting(offer),
    )


def _documentation(server: CodenookServer, language: str, code: str) -> types.MarkupContent | str:
    formats = get_capability(
        server.client_capabilities, "text_document.completion.completion_item.documentation_format", ()
    )
    if types.MarkupKind.Markdown not in formats:
        return code
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(code)), default=0))
    return types.MarkupContent(types.MarkupKind.Markdown, f"{fence}{language}\n{code}\n{fence}")
