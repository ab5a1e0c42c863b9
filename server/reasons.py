"""Why an answer is empty: one code and one sentence each, the same in LSP, command line and logs."""

from enum import StrEnum
from typing import Self

from codenook.models.engine.errors import (
    EngineDied,
    EngineError,
    EngineHung,
    EngineUnavailable,
    ModelBroken,
    ModelMissing,
    ModelTooLarge,
    ModelWaits,
    ModelWithoutChatTemplate,
    ModelWithoutFim,
    PromptTooLong,
    ScoringUnsupported,
)


class Reason(StrEnum):
    """A reason code (the value) and what it means for a person (``description``)."""

    description: str

    def __new__(cls, code: str, description: str) -> Self:
        """Make the code the value, and keep the description beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    DISABLED = "disabled", "codenook is switched off in the settings."
    LANGUAGE_OFF = "language_off", "codenook is switched off for this language in the settings."
    FILE_OFF = "file_off", "codenook is switched off for this file in the settings."
    ON_BATTERY = "on_battery", "The settings spare the battery, on which the machine runs."
    DOCUMENT_NOT_OPEN = "document_not_open", "The document is not open in the editor."
    POSITION_OUTSIDE = "position_outside", "The cursor's line is not in the document as the server knows it."
    NO_DEFINITION = "no_definition", "The cursor is in no definition, which this task is about."
    DOCUMENT_TOO_LARGE = "document_too_large", "The document has more than a million characters."
    DOCUMENT_CHANGED = (
        "document_changed",
        "The document changed meanwhile, and the answer does not fit it any more.",
    )
    SUPERSEDED = "superseded", "A newer request for the same document took this one's place."
    SETTINGS_CHANGED = "settings_changed", "The settings changed during the request."
    CANCELLED = "cancelled", "The editor withdrew the request."
    TOO_MANY_REQUESTS = (
        "too_many_requests",
        "Too many requests wait for the model already; ask again when some are done.",
    )
    EDIT_NOT_TAKEN = "edit_not_taken", "The editor did not put the edit in, or takes none from codenook."

    NO_CANDIDATE = "no_candidate", "The model had nothing to add here."
    NOT_VERIFIED = "not_verified", "The model wrote something, but nothing that passed the checks."
    NOTHING_TO_DOCUMENT = (
        "nothing_to_document",
        "The documentation says all that it can say already; it is written anew only on request.",
    )
    NO_ROOM = "no_room", "The definition leaves no row of its own for documentation."
    FILE_NOT_WRITTEN = "file_not_written", "The file can't be written; it is as it was."
    TOO_MUCH_TO_SAY = (
        "too_much_to_say",
        "More is selected than one sentence can be about, or the definition has too many parameters.",
    )

    LANGUAGE_NOT_READ = (
        "language_not_read",
        "codenook does not read the documentation of this document's language.",
    )

    LANGUAGE_NOT_COVERED = (
        "language_not_covered",
        "This source of a review does not know the languages of the change.",
    )
    NO_CHANGE = (
        "no_change",
        "The change can't be read: no folder or repository, no such revision, or git failed.",
    )
    FINDING_GONE = "finding_gone", "The finding is not told any more, or its line has changed."
    STOPPED = "stopped", "The review was stopped before all of the change was looked at."
    NO_MODEL = "no_model", "The review was asked to do without a model."
    RULE_FAILS_ITS_EXAMPLES = (
        "rule_fails_its_examples",
        "The model misses a rule's bad example, or faults its good one, so that the rule is not asked.",
    )

    UNTRUSTED = (
        "untrusted",
        "The workspace is in no folder that the setting trusted_folders names: none of its tools is run.",
    )
    NO_SANDBOX = "no_sandbox", "There is no sandbox on this machine in which the project's code could run."
    NO_LINTER = "no_linter", "The project configures no linter for the files of the change."
    LINTER_MISSING = "linter_missing", "A linter that the project configures is not installed."
    LINTER_FAILED = "linter_failed", "A linter could not be run, or did not say what it found."
    LINTERS_OFF = "linters_off", "The review was asked to do without linters."
    NOT_TESTABLE = (
        "not_testable",
        "No test could call this: it is inside of a function, or private to a class.",
    )
    RUNNER_MISSING = "runner_missing", "What runs this project's tests is not installed on this machine."
    TESTS_FAIL = (
        "tests_fail",
        "The project's own tests of this file can't be run, nor any in a file beside it.",
    )
    NO_TEST_KEPT = "no_test_kept", "Tests were made, but none that passes each time and notices a fault."
    NOT_RUN = "not_run", "The tests are a preview: nothing on this machine could run them."
    NOT_TRANSLATABLE = (
        "not_translatable",
        "There is nothing here that can be translated: no function or class, or one without a form there.",
    )
    TOOLCHAIN_MISSING = (
        "toolchain_missing",
        "The translation is a preview: what runs one of the two languages is not installed on this machine.",
    )
    NOT_PROVED = (
        "not_proved",
        "The translation is a preview: it could not be compared with the original, or not all of it.",
    )
    PARTLY_TRANSLATED = (
        "partly_translated",
        "Only a part could be translated: where the rest belongs, the translation says so and fails.",
    )
    NOT_COMPILED = (
        "not_compiled",
        "The model translated it, but the other language's compiler refuses all of it.",
    )
    DIFFERS = "differs", "What the model wrote does something else than the original: it is not shown."
    OUT_OF_TIME = "out_of_time", "The time was up before a translation was made."
    FAILED_INSIDE = "failed_inside", "codenook failed at this; its log says where."

    LANGUAGE_NOT_IN_MODEL = "language_not_in_model", "The model was not trained on this document's language."

    MODEL_MISSING = "model_missing", "There is no model file at the configured path."
    MODEL_BROKEN = "model_broken", "The model file is damaged, or llama.cpp does not know its architecture."
    MODEL_TOO_LARGE = "model_too_large", "There is not enough memory for the model with these settings."
    MODEL_WITHOUT_FIM = (
        "model_without_fim",
        "The model cannot fill in code at a cursor: it has no FIM tokens.",
    )
    MODEL_WITHOUT_CHAT_TEMPLATE = (
        "model_without_chat_template",
        "The model cannot be instructed: its file has no chat template that works.",
    )
    PROMPT_TOO_LONG = "prompt_too_long", "The code around the cursor does not fit the model's context."
    SCORING_UNSUPPORTED = (
        "scoring_unsupported",
        "The model or its server cannot tell how likely a text is, so that its surprise is not known.",
    )
    MODEL_WAITS = (
        "model_waits",
        "The model of the other role is at work, and the setting both_models keeps this one waiting.",
    )
    ENGINE_UNAVAILABLE = "engine_unavailable", "The engine process could not be started or reached."
    ENGINE_DIED = "engine_died", "The engine process ended during the request; the next one starts it again."
    ENGINE_HUNG = (
        "engine_hung",
        "The engine process hung and was ended; the next request starts it again.",
    )
    ENGINE_FAILED = "engine_failed", "The engine reported an error that codenook has no better name for."


_OF_ERROR: dict[type[EngineError], Reason] = {
    ModelMissing: Reason.MODEL_MISSING,
    ModelBroken: Reason.MODEL_BROKEN,
    ModelTooLarge: Reason.MODEL_TOO_LARGE,
    ModelWithoutFim: Reason.MODEL_WITHOUT_FIM,
    ModelWithoutChatTemplate: Reason.MODEL_WITHOUT_CHAT_TEMPLATE,
    PromptTooLong: Reason.PROMPT_TOO_LONG,
    ScoringUnsupported: Reason.SCORING_UNSUPPORTED,
    ModelWaits: Reason.MODEL_WAITS,
    EngineUnavailable: Reason.ENGINE_UNAVAILABLE,
    EngineDied: Reason.ENGINE_DIED,
    EngineHung: Reason.ENGINE_HUNG,
}
_PASSING = {Reason.PROMPT_TOO_LONG, Reason.ENGINE_DIED, Reason.ENGINE_HUNG, Reason.ENGINE_FAILED}


def of_error(error: EngineError) -> Reason:
    """Name what an engine error means for the request that met it."""
    return _OF_ERROR.get(type(error), Reason.ENGINE_FAILED)


def describe(reason: Reason) -> str:
    """Say in one sentence what ``reason`` means."""
    return reason.description


def is_engine_failure(reason: Reason) -> bool:
    """Whether the engine or its model failed."""
    return reason is Reason.ENGINE_FAILED or reason in _OF_ERROR.values()


def is_lasting(reason: Reason) -> bool:
    """Whether the engine or its model failed in a way that the next request would meet as well."""
    return is_engine_failure(reason) and reason not in _PASSING
