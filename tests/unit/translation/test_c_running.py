"""Programs of C, compiled and run in the real sandbox."""

import asyncio

from compiled_programs import needs, ran, signature

from codenook.server.translation.languages.c.reading import CReading
from codenook.server.translation.languages.c.running import CRunning
from codenook.server.translation.languages.language import Program, Stage
from codenook.server.translation.outcome import How

pytestmark = needs("gcc", "g++")

TEXT = """
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef long long ll;
#define INT int
struct pair { int a; };
static ll *scaled(const INT *all, size_t n, double *weights, int weights_count, char *mark,
                  const char **words, int words_length, bool twice, float by, unsigned char how,
                  size_t *result_length) {
    ll *made = malloc((n + 1) * sizeof *made);
    printf("noise");
    if (how == 1) return made + all[n];
    if (how == 2) weights[weights_count] = 0;
    if (how == 3) abort();
    if (how == 4) return NULL;
    if (how == 5) mark[strlen(mark) + 1] = 'x';
    for (size_t i = 0; i < n; i++) made[i] = (ll)all[i] * (twice ? 2 : 1);
    for (int i = 0; i < weights_count; i++) weights[i] *= by;
    for (int i = 0; i < words_length; i++) mark[0] = words[i][0];
    *result_length = n;
    return made;
}
int first(struct pair of) { return of.a; }
int main(void) { return 0; }
"""
ALL = ((1, 2**31 - 1), (1.0, -2.0), "abc", ("é", "z"), True, 0.5)


def program(symbol: str) -> Program:
    return Program(TEXT, signature(CReading(), "c", TEXT, symbol))


def test_arrays_go_there_and_back_and_nothing_is_read_or_written_behind_them():
    found = ran(
        CRunning(),
        program("scaled"),
        *((*ALL, how) for how in (0, 1, 2, 3, 4, 5, 256)),
        (*ALL[:-1], 1e300, 0),
        ((2**31,), *ALL[1:], 0),
        ((), (), "", (), False, 1.0, 0),
    )
    assert found.refusal is None
    good, *others, none = found.outcomes
    assert good.value == (2, 2**32 - 2)
    assert good.after == ((1, 2**31 - 1), (0.5, -1.0), "zbc", ("é", "z"), True, 0.5, 0)
    assert [(each.how, each.error) for each in others[:5]] == [
        (How.CRASHED, "SIGSEGV"),
        (How.CRASHED, "SIGSEGV"),
        (How.CRASHED, "SIGABRT"),
        (How.RETURNED, ""),
        (How.CRASHED, "SIGSEGV"),
    ]
    assert [each.why for each in others[5:]] == [
        "unsigned char can't hold 256",
        "float can't hold 1e+300",
        "int can't hold 2147483648",
    ]
    assert (none.value, none.after) == ((), ((), (), "", (), False, 1.0, 0))


def test_what_is_no_plain_data_is_not_called():
    found = ran(CRunning(), program("first"), (1,))
    assert found.refusal.stage is Stage.COMPILE
    assert found.refusal.message == "values of the type struct pair aren't plain data"


def test_a_function_that_is_nowhere_is_named():
    text = "int other(int a);\nint f(int a) { return other(a); }\n"
    found = ran(CRunning(), Program(text, signature(CReading(), "c", text, "f")), (1,))
    assert found.refusal.message == "undefined reference to `other'"


def test_what_does_not_compile_is_refused_with_its_line():
    running = CRunning()
    assert running.toolchain().startswith("gcc ")
    refusal = asyncio.run(running.refusal("int f(void) {\n    return missing;\n}\n"))
    assert (refusal.stage, refusal.line) == (Stage.COMPILE, 2)
    assert refusal.message == "'missing' undeclared (first use in this function)"


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert CRunning().toolchain() == ""
    assert "install gcc" in ran(CRunning(), program("scaled"), ALL).refusal.message
