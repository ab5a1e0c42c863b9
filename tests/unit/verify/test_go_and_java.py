"""Candidates in Go and Java: what breaks the code is refused, also where the rest is broken already."""

import pytest

from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate, Finish
from codenook.server.verify.candidates import Verifier

GO = """package p

func add(a, b int) int {
	¦
}

func after() {
	add(1, 2)
}
"""

JAVA = """package p;

class A {
    int add(int a, int b) {
        ¦
    }

    void after() {
        add(1, 2);
    }
}
"""

GOOD = {
    "go": ("return a + b", "if a > b {\n\t\treturn a\n\t}\n\treturn b", "c := []int{a, b}"),
    "java": (
        "return a + b;",
        "if (a > b) {\n            return a;\n        }\n        return b;",
        "var c = a;",
    ),
}
BROKEN = {
    "go": ("return a +)", "} else {", "var := 1", "func add("),
    "java": ("return a + );", "return ];", "return a b;"),
}


def shown(language: str, code: str, *written: str) -> list[str]:
    before, _, after = code.partition("¦")
    verifier = Verifier(language, before + after, len(before), Context())
    candidates = (Candidate(text, -1.0, n_tokens=1, finish=Finish.STOP_RULE) for text in written)
    return [verified.text for verified in verifier.add(candidates)]


@pytest.mark.parametrize(("language", "code"), [("go", GO), ("java", JAVA)])
@pytest.mark.parametrize("end", ["", "}\n}\n", "( {\n"], ids=["whole", "closed too often", "left open"])
def test_a_good_candidate_is_shown_and_a_broken_one_refused(language, code, end):
    for good in GOOD[language]:
        assert shown(language, code + end, good) == [good]
    for broken in BROKEN[language]:
        assert shown(language, code + end, broken) == []


@pytest.mark.parametrize(("language", "code"), [("go", GO), ("java", JAVA)])
def test_comments_make_no_other_code(language, code):
    line = GOOD[language][0]
    assert len(shown(language, code, line, f"{line} // the sum", f"/* the sum */ {line}")) == 1
