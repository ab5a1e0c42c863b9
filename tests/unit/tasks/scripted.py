"""A scripted model: it writes what a test says, whatever it is asked."""

import asyncio
from pathlib import Path

from attrs import define, field

from codenook.models.engine.messages import Candidate, Counters, Finish, Generation, ModelInfo, Timings
from codenook.models.prompts.fim import FimOrder, Special
from codenook.server.config import Settings
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces

MARKERS = (Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE, Special.FILE_SEPARATOR)


@define
class ScriptedEngine:
    """Answers with ``texts(prompt)``, all equally likely; notes the requests."""

    texts: object
    finish: Finish = Finish.END_OF_TEXT
    languages: tuple = ()
    n_params: int = 1 << 30
    requests: list = field(factory=list)

    async def ready(self):
        return ModelInfo(
            name="scripted",
            path="",
            n_params=self.n_params,
            size_bytes=0,
            n_ctx=4096,
            n_vocab=0,
            tokenizer="",
            fim_order=FimOrder.SPM,
            special=MARKERS,
            languages=self.languages,
            n_gpu_layers=0,
            family="codenook",
        )

    async def generate(self, request, finished=None):
        self.requests.append(request)
        prompt = "".join(part for part in request.prompt if not isinstance(part, Special))
        written = [Candidate(text, -1.0, 1, self.finish) for text in self.texts(prompt)]
        return Generation(tuple(written), Timings(), Counters(generated=len(written)))

    async def count_tokens(self, texts):
        return [len(text) // 4 + 1 for text in texts]


def comment_on(engine, text, symbol, language="python", **request):
    """Have ``symbol`` documented by ``engine``."""
    path = Path(f"/a/fetch.{language}")
    document = Document(path.as_uri(), path, text, language, 1)
    comment = Comment(engine, Settings(), Workspaces())
    return asyncio.run(comment(CommentRequest(document, symbol, **request)))
