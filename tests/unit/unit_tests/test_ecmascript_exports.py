"""What tests can get at, and how they import it."""

import pytest
from ecmascript_project import target_in, workspace

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.ecmascript.exports import How, reached
from codenook.server.unit_tests.frameworks.framework import NoProject


def found(tmp_path, text, symbol, path="cart.js"):
    root = workspace(tmp_path, {path: text})
    return reached(target_in(root, path, symbol))


@pytest.mark.parametrize(
    ("text", "symbol", "way"),
    [
        ("export function add(a) {}", "add", (How.NAMED, "add", "add")),
        ("export const add = (a) => a;", "add", (How.NAMED, "add", "add")),
        ("function add(a) {}\nexport { add as plus };", "add", (How.NAMED, "plus", "plus")),
        ("export default function add(a) {}", "add", (How.DEFAULT, "default", "add")),
        ("function add(a) {}\nexport default add;", "add", (How.DEFAULT, "default", "add")),
        ("function add(a) {}\nexport { add as default };", "add", (How.DEFAULT, "default", "add")),
        ("export default (a) => a;", "default", (How.DEFAULT, "default", "cart")),
        ("function add(a) {}\nmodule.exports = add;", "add", (How.WHOLE, "default", "add")),
        ("module.exports = function (a) {};", "default", (How.WHOLE, "default", "cart")),
        ("function add(a) {}\nmodule.exports = { add };", "add", (How.NAMED, "add", "add")),
        ("function add(a) {}\nmodule.exports = { plus: add };", "add", (How.NAMED, "plus", "plus")),
        ("function add(a) {}\nexports.plus = add;", "add", (How.NAMED, "plus", "plus")),
        ("exports.add = (a) => a;", "add", (How.NAMED, "add", "add")),
        ("module.exports.add = function (a) {};", "add", (How.NAMED, "add", "add")),
        ("function add(a) {}\nexports = module.exports = add;", "add", (How.WHOLE, "default", "add")),
        ("function del(a) {}\nmodule.exports = { delete: del };", "del", (How.NAMED, "delete", "delete_")),
    ],
)
def test_exported_functions(tmp_path, text, symbol, way):
    told = found(tmp_path, text, symbol)
    assert (told.export.how, told.export.name, told.binding) == way


def test_an_export_of_typescript_that_is_the_whole_module(tmp_path):
    way = found(tmp_path, "function add(a: number) {}\nexport = add;", "add", "cart.ts")
    assert (way.export.how, way.binding) == (How.WHOLE, "add")


CLASS = """\
export class Cart {
  static of(items) { return new Cart(items); }
  get size() { return 1; }
  add(item) { return this; }
  #hidden() {}
  _own() {}
}
"""


@pytest.mark.parametrize(
    ("symbol", "callee", "kinds"),
    [
        ("Cart", "Cart", (False, False, True)),
        ("Cart.of", "Cart.of", (True, False, False)),
        ("Cart.size", "Cart.size", (False, True, False)),
        ("Cart.add", "Cart.add", (False, False, False)),
    ],
)
def test_members_of_classes(tmp_path, symbol, callee, kinds):
    way = found(tmp_path, CLASS, symbol)
    assert (way.callee, (way.is_static, way.is_getter, way.is_class)) == (callee, kinds)


def test_methods_of_an_object_need_no_object_made(tmp_path):
    way = found(tmp_path, "export const math = { add(a) { return a; }, sub: (a) => a };", "math.add")
    assert (way.callee, way.is_static) == ("math.add", True)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("function add(a) {}", "add"),
        ("const add = (a) => a;\nexport const other = 1;", "add"),
        ("function add(a) {}\nmodule.exports = { other: 1 };", "add"),
        (CLASS, "Cart.#hidden"),
        (CLASS, "Cart._own"),
        ("export const settings = { a: 1 };", "settings"),
        ("export { add } from './other.js';\nfunction add() {}", "add"),
    ],
)
def test_what_no_test_can_get_at(tmp_path, text, symbol):
    with pytest.raises(NoProject) as error:
        found(tmp_path, text, symbol)
    assert error.value.reason is Reason.NOT_TESTABLE
