"""The workspace's memory: what followed the longest context seen before, in the prompt and in other files.

An exact-match index over token ids. At each decoded token the model's distribution is mixed with the
continuations of the longest matching context (the neural cache of Grave et al. 2017, "Unbounded cache model
for online language modeling"; the nested caches of Hellendoorn and Devanbu 2017), so that a model that has
never seen the user's code knows it. It is handed tokens and reads no files.
"""

from codenook.models.memory.calibrate import Observation, calibrate
from codenook.models.memory.healing import heal, longest
from codenook.models.memory.memory import Memory
from codenook.models.memory.mixture import OFF, Ends, Mixture, Weights, mix
from codenook.models.memory.reader import Reader, Recollection, Seen
from codenook.models.memory.segment import DEPTH, File, Place, Segment
from codenook.models.memory.spelling import Spelled, Spelling, first_byte

__all__ = [
    "DEPTH",
    "OFF",
    "Ends",
    "File",
    "Memory",
    "Mixture",
    "Observation",
    "Place",
    "Reader",
    "Recollection",
    "Seen",
    "Segment",
    "Spelled",
    "Spelling",
    "Weights",
    "calibrate",
    "first_byte",
    "heal",
    "longest",
    "mix",
]
