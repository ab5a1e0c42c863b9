"""Repair through real compilers and interpreters: the second answer is right, and proved to be."""

import shutil

import pytest
from making_bodies import said, scripted_chat
from scripted_running import translate

from codenook.server.translation.outcome import Origin
from codenook.server.translation.parts import PARTS
from codenook.server.translation.result import Level

SOURCE = '''\
def spread(prices: list[int], limit: int) -> int:
    """How far prices below a limit are apart.

    >>> spread([3, 9, 5, 100], 50)
    6
    """
    if limit < 0:
        raise ValueError("a limit below zero")
    known = [price for price in prices if price < limit]
    return max(known) - min(known) if known else 0
'''
IN_JAVASCRIPT = """\
if (limit < 0) {
  throw new RangeError("a limit");
}
const known = prices.filter((price) => price < limit);
return known.length ? Math.max(...known) - Math.min(...known) : 0;
"""
IN_CPP = """\
if (limit < 0) {
    throw std::invalid_argument("a limit");
}
bool any = false;
long long least = 0, most = 0;
for (auto price : prices) {
    if (price < limit) {
        least = any ? std::min<long long>(least, price) : price;
        most = any ? std::max<long long>(most, price) : price;
        any = true;
    }
}
return most - least;
"""
IN_JAVA = """\
if (limit < 0) {
    throw new IllegalArgumentException("a limit");
}
long least = Long.MAX_VALUE;
long most = Long.MIN_VALUE;
for (long price : prices) {
    if (price < limit) {
        least = Math.min(least, price);
        most = Math.max(most, price);
    }
}
return most < least ? 0 : most - least;
"""
ANSWERS = {
    "javascript": ("return Math.max(...prices) - Math.min(...prices);", IN_JAVASCRIPT),
    "cpp": ("return *std::max_element(prices.begin(), prices.end());", IN_CPP),
    "java": ("return prices.stream().mapToLong(Long::longValue).max().getAsLong();", IN_JAVA),
}
TOOLS = {"javascript": "node", "cpp": "g++", "java": "javac"}


@pytest.mark.parametrize("target", ANSWERS)
async def test_the_second_answer_is_proved(target, tmp_path):
    if not (shutil.which("bwrap") and shutil.which(TOOLS[target]) and shutil.which("python3")):
        pytest.skip(f"there is no bubblewrap, or no {TOOLS[target]}")
    if target not in PARTS.runnings:
        pytest.skip(f"nothing runs {target}")
    wrong, right = ANSWERS[target]
    engine = scripted_chat(said(wrong), said(right))
    path = tmp_path / "prices.py"
    path.write_text(SOURCE)
    result = await translate(engine, text=SOURCE, symbol="spread", target=target, path=path)
    (spread,) = result.functions
    assert (result.reason, spread.level, spread.repairs) == (None, Level.AGREES, 1), (
        spread,
        [each.messages[-1].text for each in engine.asked],
    )
    assert spread.agreed[Origin.DOCUMENTATION] == 1
    assert spread.agreed[Origin.VARIED] > 3
    assert spread.refused == {"comparing": 1}
    complaint = engine.asked[1].messages[-1].text
    assert "; the original gives " in complaint
    assert right.splitlines()[-1] in result.text
    assert all(result.toolchains.values())


CART = '''\
class Cart:
    """What somebody buys."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.items: list[str] = []

    def add(self, item: str) -> int:
        """Add an item."""
        if len(self.items) >= self.limit:
            raise ValueError("full")
        self.items.append(item)
        return len(self.items)
'''
BODIES = {
    "__init__": "this.limit = limit;\nthis.items = [];",
    "add": (
        "if (this.items.length >= this.limit) {\n  throw new Error('full');\n}\n"
        "this.items.push(item);\nreturn this.items.length;"
    ),
}


async def test_a_class_is_proved_by_what_its_methods_give(tmp_path):
    if not (shutil.which("bwrap") and shutil.which("node") and shutil.which("python3")):
        pytest.skip("there is no bubblewrap, or no node")

    def says(_number, request):
        return said(
            BODIES[next(name for name in BODIES if f"This is Cart.{name} " in request.messages[3].text)]
        )

    engine = scripted_chat("")
    engine._says = says
    path = tmp_path / "cart.py"
    path.write_text(CART)
    result = await translate(engine, text=CART, symbol="Cart", target="javascript", path=path)
    made, add = result.functions
    assert (result.reason, made.level, add.level) == (None, Level.AGREES, Level.AGREES), result.functions
    assert made.n_agreed == add.n_agreed > 10
