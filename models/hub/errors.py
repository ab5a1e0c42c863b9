"""What can go wrong with models by name; every message is one line for a person.

HubError                    every error of this package
├── UnknownModel            the catalogue has no such name
├── NotInstalled            the model is not on this machine
├── AlreadyPulling          another process is fetching it
├── NoNetwork               the hub could not be reached, or the connection ended
├── NotOffered              the hub doesn't have the file, or not for this user
├── NoSpace                 the disk is full, or the models' folder can't be written
└── Untrusted               what came is not what the catalogue and the hub promised
"""


class HubError(Exception):
    """Something about a model by name failed; the message is one line for the user."""


class UnknownModel(HubError):
    """The catalogue has no model of that name."""


class NotInstalled(HubError):
    """The model is not on this machine."""


class AlreadyPulling(HubError):
    """Another process is fetching the same model."""


class NoNetwork(HubError):
    """The hub could not be reached, or the connection ended early; what came is kept."""


class NotOffered(HubError):
    """The hub does not have the file, or does not give it to this user."""


class NoSpace(HubError):
    """There is no room for the file, or its folder can't be written."""


class Untrusted(HubError):
    """The file is not the promised one: too large, damaged, or no model; it was not installed."""
