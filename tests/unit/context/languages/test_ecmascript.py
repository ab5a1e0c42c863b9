"""JavaScript and TypeScript: what files define, and what the names at a cursor stand for."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.code import Code
from codenook.context.document import Documents
from codenook.context.offers import scope_of
from codenook.context.outline import Import, Kind
from codenook.context.parse import encode, errors, language_named, language_of, parse
from codenook.context.resolve import Module, Resolution
from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate, Finish
from codenook.server.verify.candidates import Verifier

REPOSITORY = Path(__file__).parents[4]
CURSOR = "¦"


def outline(text, language="typescript"):
    known = language_named(language)
    return known.reader.outline(parse(known, encode(text)))


def defined(text, language="typescript"):
    return {found.symbol: found for found in outline(text, language).definitions}


def stub(text, symbol, *members, language="typescript"):
    found = defined(text, language)
    return language_named(language).reader.stub(found[symbol], [found[member] for member in members])


def steps(root, path, text):
    """What each chain around the cursor stands for, step by step: symbols, with their files when asked."""
    code = Code(str(root.resolve()))
    language = language_of(Path(path))
    offset = text.index(CURSOR)
    place = Documents().place(language, path, text.replace(CURSOR, ""), offset)
    code.show(place.view)
    resolution = Resolution(code, language.resolver(code))
    scope = scope_of(place, language.reader)
    return {
        ".".join(reference.chain).replace(".()", "()"): resolution.values(scope, reference.chain)
        for reference in place.near
    }


def last(found):
    """Where the last step of each chain leads: file and symbol, or the files of a module."""
    return {
        chain: values[-1].files
        if isinstance(values[-1], Module)
        else (values[-1].path, values[-1].definition.symbol)
        for chain, values in found.items()
        if values and len(values) == len(chain.replace("()", ".()").split("."))
    }


@pytest.fixture
def workspace(tmp_path):
    def write(files):
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                text if isinstance(text, str) else json.dumps(text), encoding="utf-8", newline=""
            )
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *(
            ("a.js", "javascript"),
            ("a.mjs", "javascript"),
            ("a.cjs", "javascript"),
            ("a.jsx", "javascriptreact"),
        ),
        *(
            ("a.ts", "typescript"),
            ("a.mts", "typescript"),
            ("a.d.ts", "typescript"),
            ("a.tsx", "typescriptreact"),
        ),
    ],
)
def test_files_are_read_by_their_extensions(path, language):
    assert language_of(Path(path)) is language_named(language)


def test_definitions_of_a_class():
    found = defined(
        "/**\n * Draws shapes.\n * @public\n */\n@Injectable({a: 1})\n"
        "export abstract class Canvas<T> extends Base<T> implements Surface, ns.Sized {\n"
        "  private readonly items: Shape[] = [];\n  static count = 0;\n  #secret?: Pen;\n"
        "  constructor(private pen: Pen, readonly width: number, plain: string) { super(); "
        "this.late = new Late() }\n"
        "  abstract area(): number;\n  // Draws one.\n"
        "  async draw(shape: Shape): Promise<Result> { return go() }\n"
        "  get size(): Size { return this._size }\n  onClick = (event: Click): Answer => { }\n}\n"
    )
    canvas = found["Canvas"]
    assert (canvas.kind, canvas.doc, canvas.bases) == (
        Kind.CLASS,
        "Draws shapes.",
        ("Base", "Surface", "ns.Sized"),
    )
    assert canvas.signature == "export abstract class Canvas<T> extends Base<T> implements Surface, ns.Sized"
    assert (canvas.start_line, canvas.end_line) == (5, 16)
    signatures = {symbol: d.signature for symbol, d in found.items() if d.parent == "Canvas"}
    assert signatures == {
        "Canvas.items": "private readonly items: Shape[]",
        "Canvas.count": "static count = 0",
        "Canvas.#secret": "#secret?: Pen",
        "Canvas.constructor": "constructor(private pen: Pen, readonly width: number, plain: string)",
        "Canvas.pen": "private pen: Pen",
        "Canvas.width": "readonly width: number",
        "Canvas.late": "late = new Late()",
        "Canvas.area": "abstract area(): number",
        "Canvas.draw": "draw(shape: Shape): Promise<Result>",
        "Canvas.size": "get size(): Size",
        "Canvas.onClick": "onClick(event: Click): Answer",
    }
    types = {d.name: d.type for d in found.values() if d.parent and d.type}
    assert types == {
        "items": "Shape()",
        "#secret": "Pen()",
        "pen": "Pen()",
        "late": "Late()",
        "draw": "Result()",
        "size": "Size()",
        "onClick": "Answer()",
    }
    assert {d.name for d in found.values() if not d.is_public} == {"items", "#secret", "pen"}
    assert found["Canvas.draw"].doc == "Draws one."


def test_definitions_at_file_level():
    found = defined(
        "export const make = async <T>(a: T, { b }: P): Promise<X> => { function inner() {} };\n"
        "export function* walk(): Generator<Node> { const local = 1; class Local { m() {} } }\n"
        "const config = { host: 'x', open() {}, close: () => new Door(), deep: { no: 1 } } as const;\n"
        "export const store: Store = createStore({\n});\nlet service = new Service(\n);\n"
        "export enum Color { Red, Green = 'g' }\n"
        "interface Point extends Pair<number>, ns.Named { x: X; move(by: Vector): this }\n"
        "type Options = Base & { depth: Depth };\ntype Mode = 'a' | 'b';\n"
        "export namespace util { export function pad(): string; const hidden: Hidden }\n"
        "describe('x', () => { function no() {} class No { m() {} } const never = 1 });\n"
    )
    assert {symbol: (d.kind.value, d.signature) for symbol, d in found.items()} == {
        "make": ("function", "export function make<T>(a: T, { b }: P): Promise<X>"),
        "walk": ("function", "export function* walk(): Generator<Node>"),
        "config": ("class", "const config:"),
        "config.host": ("field", "host: 'x'"),
        "config.open": ("method", "open()"),
        "config.close": ("method", "close()"),
        "config.deep": ("field", "deep: { no: 1 }"),
        "store": ("constant", "export const store: Store"),
        "service": ("constant", "let service = new Service(...)"),
        "Color": ("class", "export enum Color"),
        "Color.Red": ("field", "Red"),
        "Color.Green": ("field", "Green = 'g'"),
        "Point": ("interface", "interface Point extends Pair<number>, ns.Named"),
        "Point.x": ("field", "x: X"),
        "Point.move": ("method", "move(by: Vector): this"),
        "Options": ("interface", "type Options = Base &"),
        "Options.depth": ("field", "depth: Depth"),
        "Mode": ("type", "type Mode = 'a' | 'b'"),
        "util": ("class", "export namespace util"),
        "util.pad": ("method", "export function pad(): string"),
        "util.hidden": ("field", "const hidden: Hidden"),
    }
    assert found["Point"].bases == ("Pair", "ns.Named")
    assert found["Options"].bases == ("Base",)
    assert (found["make"].type, found["service"].type, found["config.close"].type) == (
        "X()",
        "Service()",
        "Door()",
    )


def test_definitions_in_javascript():
    found = defined(
        "class Ship extends Boat { sails = 3; static make() { return new Ship() } load(x) { "
        "this.cargo = x } }\n"
        "module.exports.sail = function (ship) { };\nexports.dock = (at) => 1;\n"
        "const Anon = class extends Ship {};\n",
        "javascript",
    )
    assert {symbol: d.signature for symbol, d in found.items()} == {
        "Ship": "class Ship extends Boat",
        "Ship.sails": "sails = 3",
        "Ship.make": "static make()",
        "Ship.load": "load(x)",
        "Ship.cargo": "cargo = x",
        "sail": "sail(ship)",
        "dock": "dock(at)",
        "Anon": "const Anon = class extends Ship",
    }
    assert found["Ship.make"].type == "Ship()"
    assert found["Anon"].bases == ("Ship",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("string", ""),
        ("Foo | null", "Foo()"),
        ("null | ns.Foo<X>", "ns.Foo()"),
        ("readonly Foo[]", "Foo()"),
        ("Promise<Foo[]>", "Foo()"),
        ("Map<string, Foo>", "Foo()"),
        ("Foo['bar']", "Foo().bar"),
        ("typeof foo.bar", "foo.bar"),
        ("() => Foo", "Foo()"),
        ("A & B", "A()"),
        ("{ a: A }", ""),
    ],
)
def test_types(written, meant):
    assert defined(f"declare function f(): {written};")["f"].type == meant


def test_imports_and_exports():
    found = outline(
        "import A, { type B as C, default as D } from './x';\nimport type * as ns from 'y';\n"
        "import './effect';\n"
        "import old = require('old');\nexport * from './a';\nexport * as q from './b';\n"
        "export { a as b, default } from './c';\nexport { m as n, same };\nexport default D;\n"
        "const { one, two: three } = require('./cjs'), whole = require('./cjs');\n"
    ).imports
    assert found == (
        Import("./x", "default", "A"),
        Import("./x", "B", "C"),
        Import("./x", "default", "D"),
        Import("y", None, "ns"),
        Import("./effect", None, ""),
        Import("old", "default", "old"),
        Import("./a", "*", "*", is_exported=True),
        Import("./b", None, "q", is_exported=True),
        Import("./c", "a", "b", is_exported=True),
        Import("./c", "default", "default", is_exported=True),
        Import("", "m", "n", is_exported=True),
        Import("", "D", "default", is_exported=True),
        Import("./cjs", "one", "one"),
        Import("./cjs", "two", "three"),
        Import("./cjs", "default", "whole"),
    )


def test_broken_definitions_are_left_out():
    found = defined(
        "export interface Sink<in out T> extends Base<T> { put: T }\nfunction bad(a: ) {}\nconst good = 1;\n"
    )
    assert list(found) == ["Sink", "Sink.put", "good"]
    assert found["Sink"].signature == "export interface Sink<in out T> extends Base<T>"


def test_stubs_are_declarations():
    source = (
        "// Says it.\nexport class A<T> {\n  // Once.\n  say(what: T): void { }\n  loud = true;\n}\n"
        "export enum E { One, Two = 2 }\nexport const o = { a: 1, b() {} };\ntype Both = A<X> & E;\n"
        "export const f = (x: number): A<X> => { };\n"
    )
    assert stub(source, "A", "A.say", "A.loud") == (
        "// Says it.\nexport class A<T> {\n    // Once.\n    say(what: T): void;\n    loud = true;\n}"
    )
    assert stub(source, "A") == "// Says it.\nexport class A<T> {}"
    assert stub(source, "E", "E.One", "E.Two") == "export enum E {\n    One,\n    Two = 2,\n}"
    assert stub(source, "o", "o.a", "o.b") == "export const o: {\n    a: 1;\n    b();\n}"
    assert stub(source, "Both") == "type Both = A<X> & E;"
    assert stub(source, "f") == "export function f(x: number): A<X>;"


def test_stubs_of_real_code_parse():
    for path in (REPOSITORY / "editors/vscode/src").glob("*.ts"):
        known = language_of(path)
        found = known.reader.outline(parse(known, path.read_bytes())).definitions
        assert found
        for definition in found:
            if not definition.parent and not definition.signature.endswith("(...)"):
                members = [other for other in found if other.parent == definition.symbol]
                text = known.reader.stub(definition, members)
                assert not list(errors(parse(known, encode(text)).root)), text


SHAPES = {
    "src/shapes/index.ts": "export { default as Square } from './square';\nexport * from './base';\n"
    "export { origin as zero } from './base';\nexport type { Pen } from './pen';\n",
    "src/shapes/square.ts": "import { Shape } from './base';\n"
    "export default class Square extends Shape {\n  static of(side: number): Square { return new Square() }\n"
    "  grow(by: number): this { return this }\n}\n",
    "src/shapes/base.ts": "import type { Pen } from './pen';\nexport const origin = { x: 0, y: 0 };\n"
    "export abstract class Shape {\n  constructor(protected pen: Pen) {}\n  area(): number { return 0 }\n"
    "  parts(): Map<string, Part> { return new Map() }\n}\n"
    "export interface Part { label: string; owner: Shape }\nexport enum Side { Left, Right }\n",
    "src/shapes/pen.ts": "export interface Pen { width: number; ink: Ink }\n"
    "export type Ink = { color: string };\n",
}


def test_imports_are_followed_through_barrels(workspace):
    root = workspace(SHAPES)
    found = steps(
        root,
        "src/main.ts",
        "import { Square, zero as start, Side } from './shapes';\n"
        "import * as shapes from './shapes/index.js';\n"
        "function main(s: Square) {\n  start.x;\n  Side.Left;\n  shapes.Square.of(1).grow(2);\n"
        "  s.pen;\n  ¦\n}\n",
    )
    assert last(found) == {
        "s": ("src/shapes/square.ts", "Square"),
        "Square": ("src/shapes/square.ts", "Square"),
        "start.x": ("src/shapes/base.ts", "origin.x"),
        "Side.Left": ("src/shapes/base.ts", "Side.Left"),
        "shapes.Square.of().grow()": ("src/shapes/square.ts", "Square"),
        "s.pen": ("src/shapes/base.ts", "Shape.pen"),
    }


def test_locals_have_types(workspace):
    root = workspace(SHAPES)
    found = last(
        steps(
            root,
            "src/main.ts",
            "import { Square, Part, Shape } from './shapes';\n"
            "class Board {\n  private squares: Square[] = [];\n"
            "  constructor(private readonly first: Part) {}\n"
            "  run({ owner, label: text }: Part, ...rest: Part[]) {\n"
            "    const made = new Square();\n    const { pen } = owner;\n"
            "    const cast = rest as unknown as Square;\n"
            "    for (const square of this.squares) square.grow(1);\n"
            "    this.squares.forEach((each) => each.grow(1));\n    this.squares.map(one => one.grow(1));\n"
            "    made!.grow(1); pen?.ink.color; (text as Square).grow; cast.grow; this.first.owner; "
            "¦\n  }\n}\n",
        )
    )
    grow = ("src/shapes/square.ts", "Square.grow")
    assert (
        found["square.grow()"]
        == found["each.grow()"]
        == found["one.grow()"]
        == ("src/shapes/square.ts", "Square")
    )
    assert found["made.grow()"] == ("src/shapes/square.ts", "Square")
    assert found["pen.ink.color"] == ("src/shapes/pen.ts", "Ink.color")
    assert found["Square.grow"] == found["cast.grow"] == grow
    assert found["this.first.owner"] == ("src/shapes/base.ts", "Part.owner")


def test_what_stands_before_the_dot_is_open(workspace):
    root = workspace(SHAPES)
    text = "import { Part } from './shapes';\nexport const f = (part: Part) => {\n  part.owner.¦\n};\n"
    language = language_named("typescript")
    place = Documents().place(language, "src/a.ts", text.replace(CURSOR, ""), text.index(CURSOR))
    assert [r.chain for r in place.near if r.is_open] == [("part", "owner")]
    assert last(steps(root, "src/a.ts", text))["part.owner"] == ("src/shapes/base.ts", "Part.owner")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("broken", ["", "  if (", "  const x = {", "  foo((a,"])
def test_broken_code_around_the_cursor(workspace, newline, broken):
    root = workspace({path: text.replace("\n", newline) for path, text in SHAPES.items()})
    text = (
        f"import {{ Square }} from './shapes';\nfunction größe(s: Square) {{\n  s.grow(1);\n{broken}¦\n}}\n"
    )
    assert last(steps(root, "src/a.ts", text.replace("\n", newline)))["Square"] == (
        "src/shapes/square.ts",
        "Square",
    )


def test_components(workspace):
    root = workspace(
        {
            "ui/button.tsx": "export interface Props { label: string }\n"
            "export function Button({ label }: Props) { return <b>{label}</b> }\n"
            "export const Menu = { Item: (p: Props) => <i/> };\n",
        }
    )
    text = (
        "import { Button, Menu, type Props } from './button';\n"
        "export const Page = ({ label }: Props) => {\n"
        "  return <p><Button label={label}/><Menu.Item/>{¦}</p>;\n};\n"
    )
    found = last(steps(root, "ui/page.tsx", text))
    assert found["Button"] == ("ui/button.tsx", "Button")
    assert found["Menu.Item"] == ("ui/button.tsx", "Menu.Item")
    assert found["label"] == ("ui/button.tsx", "Props.label")


def test_commonjs(workspace):
    root = workspace(
        {
            "lib/class.js": "class Engine { start() {} }\nmodule.exports = Engine;\n",
            "lib/functions.js": "function add(a, b) {}\nfunction sub() {}\n"
            "module.exports = { add, minus: sub, mul(a) {} };\n",
            "lib/assigned.js": "exports.div = function (a) {};\n",
        }
    )
    found = last(
        steps(
            root,
            "main.js",
            "const Engine = require('./lib/class');\n"
            "const { add, minus: less } = require('./lib/functions');\n"
            "const all = require('./lib/functions');\nconst div = require('./lib/assigned').div;\n"
            "function run() {\n  const engine = new Engine();\n"
            "  engine.start; add; less; all.mul; div; ¦\n}\n",
        )
    )
    assert found["engine.start"] == ("lib/class.js", "Engine.start")
    assert found["add"] == ("lib/functions.js", "add")
    assert found["less"] == ("lib/functions.js", "sub")
    assert found["all.mul"] == ("lib/functions.js", "mul")
    assert found["div"] == ("lib/assigned.js", "div")


def test_modules_are_found_by_settings_workspaces_and_libraries(workspace):
    root = workspace(
        {
            "package.json": {"workspaces": ["packages/*"], "imports": {"#env": "./src/env.ts"}},
            "tsconfig.base.json": '{ // paths\n "compilerOptions": {"baseUrl": ".", '
            '"paths": {"@/*": ["src/*"],}}}',
            "tsconfig.json": {"extends": "./tsconfig.base.json"},
            "src/env.ts": "export const env = 1;\n",
            "packages/core/package.json": {
                "name": "@me/core",
                "exports": {".": "./dist/index.js", "./x": "./dist/x.js"},
            },
            "packages/core/src/index.ts": "export const core = 1;\n",
            "packages/core/src/x.ts": "export const x = 1;\n",
            "node_modules/typed/package.json": {
                "exports": {".": {"types": "./t/main.d.ts"}, "./*": "./t/*.d.ts"}
            },
            "node_modules/typed/t/main.d.ts": "export declare class Typed { go(): Other }\n"
            "export * from './other';\n",
            "node_modules/typed/t/other.d.ts": "export interface Other { deep: number }\n",
            "node_modules/plain/package.json": {"main": "./lib.js"},
            "node_modules/plain/lib.js": "exports.plain = function () {};\n",
            "node_modules/@types/scope__old/package.json": {"types": "old.d.ts"},
            "node_modules/@types/scope__old/old.d.ts": "declare function old(): string;\nexport = old;\n",
            ".gitignore": "node_modules\n",
        }
    )
    found = last(
        steps(
            root,
            "src/main.ts",
            "import { env } from '@/env';\nimport { env as env2 } from '#env';\n"
            "import { env as env3 } from 'src/env';\n"
            "import { core } from '@me/core';\nimport { x } from '@me/core/x';\n"
            "import { Typed } from 'typed';\n"
            "import { Other } from 'typed/other';\nimport { plain } from 'plain';\n"
            "import old from '@scope/old';\n"
            "function f() { env; env2; env3; core; x; new Typed().go().deep; Other; plain; old; ¦ }\n",
        )
    )
    library = root.resolve() / "node_modules"
    assert found == {
        "env": ("src/env.ts", "env"),
        "env2": ("src/env.ts", "env"),
        "env3": ("src/env.ts", "env"),
        "core": ("packages/core/src/index.ts", "core"),
        "x": ("packages/core/src/x.ts", "x"),
        "Typed().go().deep": (f"{library}/typed/t/other.d.ts", "Other.deep"),
        "Other": (f"{library}/typed/t/other.d.ts", "Other"),
        "plain": (f"{library}/plain/lib.js", "plain"),
        "old": (f"{library}/@types/scope__old/old.d.ts", "old"),
    }


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"compilerOptions": 1}', '{"compilerOptions": {"paths": {"@/*": 7, "*": ["../*"]}}}'],
)
def test_settings_that_are_wrong_count_as_absent(workspace, content):
    root = workspace({"tsconfig.json": content, "package.json": content, "a.ts": "export const a = 1;\n"})
    imports = "import { a } from './a';\nimport { b } from '@/b';\nimport c from '../../outside';\n"
    text = f"{imports}function f() {{ a; b; c; ¦ }}\n"
    assert last(steps(root, "main.ts", text)) == {"a": ("a.ts", "a")}


@pytest.mark.parametrize("mark", ["/*", '\\"', '"\\', ",  ", '{"exports":', "[", '{"types":'])
def test_settings_may_be_hostile(workspace, mark):
    content = mark * (900_000 // len(mark))
    root = workspace(
        {"tsconfig.json": content, "package.json": content, "pnpm-workspace.yaml": 900_000 * "\n"}
    )
    assert last(steps(root, "main.ts", "import { b } from 'b';\nfunction f() { b; ¦ }\n")) == {}


def test_conditions_within_conditions_end(workspace):
    exports = '{"types":' * 200 + '"./a.ts"' + "}" * 200
    root = workspace(
        {"package.json": f'{{"name": "me", "exports": {exports}}}', "a.ts": "export const b = 1;\n"}
    )
    assert last(steps(root, "main.ts", "import { b } from 'me';\nfunction f() { b; ¦ }\n")) == {}


def test_links_out_of_the_workspace_are_not_followed(workspace, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "a.ts"
    outside.write_text("export const a = 1;\n", encoding="utf-8")
    root = workspace({"b.ts": "export const b = 1;\n"})
    (root / "a.ts").symlink_to(outside)
    text = "import { a } from './a';\nimport { b } from './b';\nfunction f() { a; b; ¦ }\n"
    assert last(steps(root, "main.ts", text)) == {"b": ("b.ts", "b")}


def test_packages_that_pnpm_lists(workspace):
    root = workspace(
        {
            "pnpm-workspace.yaml": "# ours\npackages:\n  - 'libs/**'\n\n  # no more\n  - '../*'\n"
            "catalog:\n  - no\n",
            "libs/one/package.json": {"name": "one"},
            "libs/one/src/index.tsx": "export const One = 1;\n",
        }
    )
    text = "import { One } from 'one';\nfunction f() { One; ¦ }\n"
    assert last(steps(root, "app/main.ts", text)) == {"One": ("libs/one/src/index.tsx", "One")}


def test_settings_are_read_again_when_they_change(workspace):
    text = "import { a } from '@/a';\nfunction f() { a; ¦ }\n"
    root = workspace({"src/a.ts": "export const a = 1;\n"})
    assert last(steps(root, "main.ts", text)) == {}
    workspace({"tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}})
    assert last(steps(root, "main.ts", text)) == {"a": ("src/a.ts", "a")}


REAL = {
    "typescript": (REPOSITORY / "editors/vscode/src/server.ts").read_text(encoding="utf-8"),
    "javascript": (REPOSITORY / "editors/vscode/build.mjs").read_text(encoding="utf-8"),
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(REAL)), st.data())
def test_an_outline_does_not_depend_on_how_it_was_reached(name, data):
    language, text, documents = language_named(name), REAL[name], Documents()
    for _ in range(3):
        start = data.draw(st.integers(0, len(text)))
        typed = data.draw(
            st.sampled_from(["", "x", "{", "}", "é😀", "\nexport const q = 1;\n", "class A { b = 1 }\n"])
        )
        text = text[:start] + typed + text[start + data.draw(st.integers(0, 80)) :]
        reached = documents.read(language, "a", text).outline
        fresh = language.reader.outline(parse(language, encode(text)))
        assert (
            documents.read(language, "a", text).outline
            == reached
            == Documents().read(language, "a", text).outline
        )
        assert set(reached.imports) == set(fresh.imports)


@pytest.mark.parametrize("language", ["javascript", "javascriptreact", "typescript", "typescriptreact"])
def test_broken_candidates_are_refused(language):
    code = "import { a } from './a';\n\nclass B {\n  run(x) {\n    const y = ¦\n    return y;\n  }\n}\n"
    before, _, after = code.partition(CURSOR)
    verifier = Verifier(language, before + after, len(before), Context())
    written = [
        Candidate(text, -1.0, n_tokens=1, finish=Finish.STOP_RULE)
        for text in ("a.find((n) => n > x);", "a.find(]);")
    ]
    assert [(shown.text, shown.parses) for shown in verifier.add(written)] == [
        ("a.find((n) => n > x);", True)
    ]


def test_types_are_errors_in_javascript():
    code = "function f() {\n  ¦\n}\n"
    before, _, after = code.partition(CURSOR)
    written = Candidate("const a: number = 1;", -1.0, n_tokens=1, finish=Finish.STOP_RULE)
    shown = {name: Verifier(name, before + after, len(before), Context()).add([written]) for name in REAL}
    assert [bool(shown[name]) for name in ("javascript", "typescript")] == [False, True]
