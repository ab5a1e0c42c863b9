from codenook.models.engine import errors
from codenook.server.reasons import Reason, describe, of_error


def test_every_engine_error_has_its_reason():
    kinds = errors.EngineError.__subclasses__()
    assert len({of_error(kind("")) for kind in kinds}) == len(kinds)
    assert of_error(errors.EngineError("")) is Reason.ENGINE_FAILED


def test_every_reason_is_one_sentence():
    for reason in Reason:
        assert describe(reason).endswith(".")
        assert "\n" not in describe(reason)
        assert Reason(reason.value) is reason
