"""Whatever a function takes and gives: what is written of it parses, or a reason says why it can't be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_shapes import TARGETS, signatures

from codenook.context.parse import encode, errors, language_named, parse
from codenook.server.translation.languages.language import Unwritable
from codenook.server.translation.languages.writings import WRITERS

IN_CLASS = {
    "python": "class {owner}:\n{text}",
    "javascript": "class {owner} {{\n{text}}}\n",
    "typescript": "class {owner} {{\n{text}}}\n",
    "java": "class {owner} {{\n{text}}}\n",
    "rust": "impl {owner} {{\n{text}}}\n",
    "cpp": "class {owner} {{\n{text}}};\n",
}


def whole(target, skeleton):
    """The skeleton as it stands in a file, with a body that says that there is none."""
    writer = WRITERS[target]
    text = skeleton.with_body(skeleton.indent + writer.unwritten("it"))
    owner = skeleton.signature.owner
    if owner and target in IN_CLASS:
        text = IN_CLASS[target].format(owner=owner, text=text)
    return writer.file(skeleton.imports, [text])


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40, deadline=None)
@given(source=st.sampled_from(TARGETS), signature=signatures())
def test_every_signature_becomes_text_that_parses(target, source, signature):
    try:
        skeleton = WRITERS[target].function(signature, source)
    except Unwritable:
        return  # what is refused, and with which reason, is in test_writing_compiles
    text = whole(target, skeleton)
    root = parse(language_named(target), encode(text)).root
    assert not root.has_error, (text, [node.start_point for node in errors(root)])
    names = [each.name for each in skeleton.signature.parameters]
    assert len({*names}) == len(names) == len(signature.parameters)
    assert all(note.rule and "\n" not in note.text for note in skeleton.notes)
