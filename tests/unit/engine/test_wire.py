"""Values cross the socket unchanged, and control tokens never become text or text control tokens."""

import json

from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.errors import BY_NAME, EngineError
from codenook.models.engine.messages import GenerateRequest, StopRule
from codenook.models.engine.rpc import converter
from codenook.models.prompts.fim import Special

segments = st.one_of(
    st.sampled_from(Special), st.text(), st.sampled_from([special.value for special in Special])
)


@given(st.lists(segments, max_size=6))
def test_a_request_survives_the_way(prompt):
    request = GenerateRequest(slot="s", prompt=tuple(prompt), stop=StopRule(min_indent=4))
    back = converter.structure(json.loads(json.dumps(converter.unstructure(request))), GenerateRequest)
    assert back == request
    assert [type(part) for part in back.prompt] == [type(part) for part in request.prompt]


def test_errors_are_found_by_their_names():
    assert all(issubclass(error, EngineError) and error.__name__ == name for name, error in BY_NAME.items())
