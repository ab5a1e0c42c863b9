"""What can go wrong between a prompt and its candidates.

    EngineError                 every error of this package
    ├── ModelMissing            no file at the model's path
    ├── ModelBroken             the file is there, but llama.cpp can't load it
    ├── ModelTooLarge           there is not enough memory for the model or its KV cache
    ├── ModelWithoutFim         the model has no fill-in-the-middle tokens
    ├── ModelWithoutChatTemplate  the model's file has no chat template, or none that works
    ├── PromptTooLong           the prompt doesn't fit the model's context
    ├── ScoringUnsupported      whatever stands behind the engine can't tell how likely a text is
    ├── ModelWaits              another model is at work, and both are not to be loaded at once
    ├── EngineUnavailable       the engine could not be started or reached
    ├── EngineDied              the engine's process ended during a request
    └── EngineHung              the engine's process or its present step hung, and it was ended

The first seven are raised inside the engine process and cross the socket by their class name.
"""


class EngineError(Exception):
    """A request to the engine failed; the message is one line for the user."""


class ModelMissing(EngineError):
    """There is no file at the model's path."""


class ModelBroken(EngineError):
    """The model's file is there, but llama.cpp can't load it."""


class ModelTooLarge(EngineError):
    """There is not enough memory for the model or its KV cache."""


class ModelWithoutFim(EngineError):
    """The model's vocabulary has no fill-in-the-middle tokens."""


class ModelWithoutChatTemplate(EngineError):
    """The model's file has no chat template, or none that lays out the conversation."""


class PromptTooLong(EngineError):
    """The prompt and the tokens to generate don't fit the model's context."""


class ScoringUnsupported(EngineError):
    """Whatever stands behind the engine can't tell how likely a text is; the message says why."""


class ModelWaits(EngineError):
    """Another model's engine is at work, and the policy keeps this model from being loaded beside it."""


class EngineUnavailable(EngineError):
    """The engine's process could not be started or reached."""


class EngineDied(EngineError):
    """The engine's process ended while it worked on the request."""


class EngineHung(EngineError):
    """The engine's process showed no sign of life or didn't get on with a step, and was ended."""


BY_NAME = {
    error.__name__: error
    for error in (
        EngineError,
        ModelMissing,
        ModelBroken,
        ModelTooLarge,
        ModelWithoutFim,
        ModelWithoutChatTemplate,
        PromptTooLong,
        ScoringUnsupported,
    )
}
