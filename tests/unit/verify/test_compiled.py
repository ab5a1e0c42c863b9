# ruff: noqa: E501 - documents on one line

"""What may be shown in Rust, C and C++."""

import pytest

from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate, Finish
from codenook.server.verify.candidates import Verifier

RUST = "struct A { b: u8 }\n\nimpl A {\n    fn f(&self) -> u8 {\n        let c = self.b;\n        ¦\n    }\n\n    fn g(&self) {}\n}\n"
C = '#include "a.h"\n#define N 3\n\nint f(struct a *b)\n{\n    int c = b->d;\n    ¦\n}\n\nint g(void) { return 1; }\n'
CPP = "namespace n {\ntemplate <typename T> class A : public B {\n public:\n  int f(const T &b) {\n    ¦\n  }\n};\n}\n"


def texts(language, code, *written):
    before, _, after = code.partition("¦")
    verifier = Verifier(language, before + after, len(before), Context())
    candidates = [Candidate(text, -1.0, n_tokens=1, finish=Finish.STOP_RULE) for text in written]
    return {verified.text for verified in verifier.add(candidates)}


@pytest.mark.parametrize(
    ("language", "code", "good", "broken"),
    [
        ("rust", RUST, ["c + 1", "if c > 1 { c } else { 2 }", "c as u8"], ["c +) 1", "let = 2;", "} }"]),
        (
            "c",
            C,
            ["return c + N;", "for (int i = 0; i < c; i++) f(b);"],
            ["return c +);", "for (int i = 0 {", "} }"],
        ),
        (
            "cpp",
            CPP,
            ["return b.c<int>();", "auto d = [&](int e) { return e; };"],
            ["return b.);", "auto = 3 4;"],
        ),
    ],
    ids=["rust", "c", "cpp"],
)
def test_a_broken_candidate_is_refused_and_a_good_one_shown(language, code, good, broken):
    assert texts(language, code, *good, *broken) == set(good)


def test_open_brackets_are_closed_where_that_parses():
    assert texts("rust", RUST, "self.g(c, [1") == {"self.g(c, [1])"}
    assert texts("c", C, "if (f((b") == set()


def test_the_same_code_is_shown_once():
    assert len(texts("rust", RUST, "c+1", "c + 1")) == 1
    assert len(texts("cpp", CPP, "return b.c ( );", "return b.c();")) == 1
