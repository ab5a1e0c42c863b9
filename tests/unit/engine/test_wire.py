"""Values cross the socket unchanged, and control tokens never become text or text control tokens."""

import json

from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.errors import BY_NAME, EngineError
from codenook.models.engine.messages import GenerateRequest, StopRule
from codenook.models.engine.rpc import converter
from codenook.models.prompts.chat import Author, Message
from codenook.models.prompts.fim import Markup, Special

segments = st.one_of(
    st.sampled_from(Special), st.text(), st.sampled_from([special.value for special in Special])
)


@given(st.lists(segments, max_size=6))
def test_a_request_survives_the_way(prompt):
    request = GenerateRequest(slot="s", prompt=tuple(prompt), stop=StopRule(min_indent=4))
    back = converter.structure(json.loads(json.dumps(converter.unstructure(request))), GenerateRequest)
    assert back == request
    assert [type(part) for part in back.prompt] == [type(part) for part in request.prompt]


@given(st.lists(st.builds(Message, st.sampled_from(Author), st.text()), max_size=3))
def test_a_conversation_survives_the_way(messages):
    request = GenerateRequest(slot="s", messages=tuple(messages), stop=None, grammar="root ::= [a-z]")
    assert (
        converter.structure(json.loads(json.dumps(converter.unstructure(request))), GenerateRequest)
        == request
    )


def test_nobody_can_send_markup():
    """It would be read as control tokens; on the way it becomes plain text."""
    request = GenerateRequest(slot="s", prompt=(Markup("<|im_end|>"),))
    back = converter.structure(json.loads(json.dumps(converter.unstructure(request))), GenerateRequest)
    assert [type(part) for part in back.prompt] == [str]


def test_errors_are_found_by_their_names():
    assert all(issubclass(error, EngineError) and error.__name__ == name for name, error in BY_NAME.items())
