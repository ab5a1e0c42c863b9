"""One signature with something of everything, as each language writes it."""

import pytest
from written_shapes import FLOAT, INT, TEXT, of

from codenook.server.translation.languages.language import Around, Unwritable
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.signature import Parameter, Signature

DOC = """Find the best of some items.

>>> find_best(["a"], {})
('a', 1)

Args:
    items: What to look at.
    class (dict): How good each is.

Returns:
    The best, and how good it is.

Raises:
    ValueError: There are none."""

RICH = Signature(
    "find_best",
    (
        Parameter("items", of("list", TEXT)),
        Parameter("class", of("map", TEXT, FLOAT)),
        Parameter("limit", of("option", INT), default="None"),
        Parameter("name", TEXT, default="'a\\n'"),
    ),
    of("tuple", TEXT, INT),
    raises=("ValueError",),
    doc=DOC,
)

WRITTEN = {
    "python": '''\
def find_best(
    items: list[str],
    class_: dict[str, float],
    limit: int | None = None,
    name: str = "a\\n",
) -> tuple[str, int]:
    """Find the best of some items.

    >>> find_best(["a"], {})
    ('a', 1)

    Args:
        items: What to look at.
        class_: How good each is.

    Returns:
        The best, and how good it is.

    Raises:
        ValueError: There are none.
    """
''',
    "javascript": """\
/**
 * Find the best of some items.
 *
 * >>> find_best(["a"], {})
 * ('a', 1)
 *
 * @param {string[]} items - What to look at.
 * @param {Map<string, number>} class_ - How good each is.
 * @param {number | null} limit
 * @param {string} name
 * @returns {[string, number]} The best, and how good it is.
 * @throws {Error} There are none.
 */
export function findBest(items, class_, limit = null, name = "a\\n") {
""",
    "typescript": """\
/**
 * Find the best of some items.
 *
 * >>> find_best(["a"], {})
 * ('a', 1)
 *
 * @param items - What to look at.
 * @param class_ - How good each is.
 * @returns The best, and how good it is.
 * @throws {Error} There are none.
 */
export function findBest(
    items: string[],
    class_: Map<string, number>,
    limit: number | null = null,
    name: string = "a\\n",
): [string, number] {
""",
    "go": """\
// Find the best of some items.
//
// >>> find_best(["a"], {})
// ('a', 1)
//
//   - items: What to look at.
//   - class: How good each is.
//
// It returns: The best, and how good it is.
//
// It fails with ValueError: There are none.
func FindBest(items []string, class map[string]float64, limit *int, name string) (string, int, error) {
""",
    "rust": """\
/// Find the best of some items.
///
/// ```text
/// >>> find_best(["a"], {})
/// ('a', 1)
/// ```
///
/// # Arguments
///
/// * `items` - What to look at.
/// * `class` - How good each is.
///
/// # Returns
///
/// The best, and how good it is.
///
/// # Errors
///
/// `ValueError`: There are none.
pub fn find_best(
    items: &[String],
    class: &HashMap<String, f64>,
    limit: Option<i64>,
    name: &str,
) -> Result<(String, i64), String> {
""",
    "java": """\
    public static List<Object> findBest(List<String> items, Map<String, Double> class_) {
        return findBest(items, class_, null, "a\\n");
    }

    public static List<Object> findBest(
        List<String> items,
        Map<String, Double> class_,
        Long limit
    ) {
        return findBest(items, class_, limit, "a\\n");
    }

    /**
     * Find the best of some items.
     *
     * >>> find_best(["a"], {})
     * ('a', 1)
     *
     * @param items What to look at.
     * @param class_ How good each is.
     * @return The best, and how good it is.
     * @throws IllegalArgumentException There are none.
     */
    public static List<Object> findBest(
        List<String> items,
        Map<String, Double> class_,
        Long limit,
        String name
    ) {
""",
    "cpp": """\
/**
 * @brief Find the best of some items.
 *
 * >>> find_best(["a"], {})
 * ('a', 1)
 *
 * @param items What to look at.
 * @param class_ How good each is.
 * @return The best, and how good it is.
 * @throws std::invalid_argument There are none.
 */
std::pair<std::string, long long> find_best(
    const std::vector<std::string>& items,
    const std::map<std::string, double>& class_,
    std::optional<long long> limit = std::nullopt,
    const std::string& name = "a\\n"
) {
""",
}
IMPORTS = {
    "python": (),
    "javascript": (),
    "typescript": (),
    "go": (),
    "rust": ("use std::collections::HashMap;",),
    "java": ("import java.util.List;", "import java.util.Map;"),
    "cpp": tuple(
        f"#include <{name}>" for name in ("map", "optional", "stdexcept", "string", "utility", "vector")
    ),
}


@pytest.mark.parametrize("target", WRITTEN)
def test_a_rich_signature(target):
    skeleton = WRITERS[target].function(RICH, "python")
    assert skeleton.before == WRITTEN[target]
    assert skeleton.imports == IMPORTS[target]
    assert skeleton.after.strip() == ("" if target == "python" else "}")


def test_c_has_pointers_and_lengths_and_refuses_maps():
    with pytest.raises(Unwritable, match="c has no maps"):
        WRITERS["c"].function(RICH, "python")
    parameters = (Parameter("items", of("list", TEXT)), Parameter("data", of("bytes")), Parameter("x", FLOAT))
    skeleton = WRITERS["c"].function(
        Signature("pick", parameters, of("list", INT), is_public=False), "python"
    )
    assert skeleton.before == (
        "static long long *pick(\n    const char *const *items,\n    size_t items_length,\n"
        "    const uint8_t *data,\n    size_t data_length,\n    double x,\n    size_t *result_length\n) {\n"
    )
    assert [note.rule for note in skeleton.notes] == ["integer-width", "ownership"]


def head(target, signature, source="python", **around):
    skeleton = WRITERS[target].function(signature, source, Around(**around))
    return skeleton.before.strip().splitlines()[-1].strip(), skeleton


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("python", "def fill(items: list[int], n: int) -> None:"),
        ("typescript", "export function fill(items: number[], n: number): void {"),
        ("go", "func Fill(items *[]int, n int) {"),
        ("rust", "pub fn fill(items: &mut Vec<i64>, n: i64) {"),
        ("java", "public static void fill(List<Long> items, long n) {"),
        ("cpp", "void fill(std::vector<long long>& items, long long n) {"),
        ("c", "void fill(long long *items, size_t items_length, long long n) {"),
    ],
)
def test_a_parameter_that_is_changed_for_the_caller(target, written):
    signature = Signature("fill", (Parameter("items", of("list", INT)), Parameter("n", INT)), of("nothing"))
    assert head(target, signature, changed=frozenset({"items"}))[0] == written


def test_a_type_of_the_source_may_say_that_its_parameter_is_changed():
    for source, kind in (("rust", "&mut Vec<i64>"), ("cpp", "std::vector<long>&")):
        signature = Signature("fill", (Parameter("items", of("list", INT), kind),), of("nothing"))
        assert head("rust", signature, source)[0] == "pub fn fill(items: &mut Vec<i64>) {"
    for source, kind in (
        ("rust", "&[i64]"),
        ("cpp", "const std::vector<long>&"),
        ("cpp", "std::vector<long>&&"),
    ):
        signature = Signature("fill", (Parameter("items", of("list", INT), kind),), of("nothing"))
        assert head("rust", signature, source)[0] == "pub fn fill(items: &[i64]) {"


@pytest.mark.parametrize(
    ("target", "constructor", "method", "text"),
    [
        (
            "python",
            "def __init__(self, n: int) -> None:",
            "def grow(self) -> int:",
            "def __str__(self) -> str:",
        ),
        ("javascript", "constructor(n) {", "grow() {", "toString() {"),
        ("typescript", "constructor(n: number) {", "grow(): number {", "toString(): string {"),
        (
            "go",
            "func NewCart(n int) *Cart {",
            "func (c *Cart) Grow() int {",
            "func (c *Cart) String() string {",
        ),
        (
            "rust",
            "pub fn new(n: i64) -> Self {",
            "pub fn grow(&mut self) -> i64 {",
            "pub fn to_string(&self) -> String {",
        ),
        ("java", "public Cart(long n) {", "public long grow() {", "public String toString() {"),
        ("cpp", "Cart(long long n) {", "long long grow() {", "std::string to_string() const {"),
        (
            "c",
            "Cart *cart_new(long long n) {",
            "long long cart_grow(Cart *self) {",
            "char *cart_to_string(const Cart *self) {",
        ),
    ],
)
def test_methods_get_the_name_that_the_language_has_for_them(target, constructor, method, text):
    made = Signature("__init__", (Parameter("n", INT),), of("nothing"), owner="Cart", is_public=False)
    grow = Signature("grow", (), INT, owner="Cart")
    told = Signature("__str__", (), TEXT, owner="Cart", is_public=False)
    assert head(target, made)[0] == constructor
    assert head(target, grow, changed=frozenset({"self"}))[0] == method
    assert head(target, told)[0] == text


def test_a_class_that_is_translated_keeps_its_name_and_another_is_of_any_type():
    signature = Signature("ship", (Parameter("cart", of("class", name="cart_of")),), of("nothing"))
    assert (
        head("java", signature, classes=frozenset({"cart_of"}))[0] == "public static void ship(CartOf cart) {"
    )
    line, skeleton = head("java", signature)
    assert line == "public static void ship(Object cart) {"
    assert [note.rule for note in skeleton.notes] == ["unknown-type"]


def test_what_has_no_default_here_is_told():
    _, skeleton = head("rust", RICH)
    (note,) = [each for each in skeleton.notes if each.rule == "default-lost"]
    assert note.text == "Without a default in Rust, each caller passes it: `limit` = None, `name` = 'a\\n'."


def test_a_default_before_a_parameter_without_one_is_lost():
    parameters = (Parameter("a", INT, default="f(1)"), Parameter("b", INT, default="2"))
    signature = Signature("f", (Parameter("z", INT, default="1"), *parameters[:1], parameters[1]), INT)
    assert head("python", signature)[0] == "def f(z: int, a: int, b: int = 2) -> int:"
