"""YAML text → plain data, with the place of every value; only YAML 1.2 scalars, nothing executed."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from twin.core.comma import torn, why_torn
from twin.core.file import first_bytes
from twin.core.misread import BREAKS, CONTROL, ODD_SPACE, control_character, misread
from twin.core.problem import Loc, Mark, PlantError, Problem, dotted, nearest, quoted

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML without its C library: the same nodes, more slowly
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class _Parser(Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]
        """PyYAML's own reader, scanner, parser and composer in one, as its Loader does."""

        def __init__(self, stream: Any) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)


MAX_BYTES = 16 * 2**20
MAX_DEPTH = 40
MAX_VALUES = 1_000_000
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + kind for kind in ("null", "bool", "int", "float", "str", "map", "seq")}
_BREAK = re.compile(r"[\t\n]")


class _DepthError(Exception):
    def __init__(self, mark: Any) -> None:
        self.mark = mark


class _SizeError(Exception):
    def __init__(self, node: Node) -> None:
        self.node = node


class _Loader(_Parser, BaseResolver):
    """PyYAML's composer with YAML 1.2 scalars and a bound on depth."""

    def __init__(self, stream: str) -> None:
        _Parser.__init__(self, stream)
        BaseResolver.__init__(self)
        self.depth = 0

    def descend_resolver(self, current_node: Node | None, current_index: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _DepthError(current_node.start_mark if current_node else None)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def resolve(self, kind: type[Node], value: str | None, implicit: Any) -> str:
        if kind is ScalarNode:
            return _scalar_tag(value or "") if implicit[0] else _TAG + "str"
        return _TAG + ("seq" if kind is SequenceNode else "map")


@lru_cache(maxsize=4096)
def _scalar_tag(value: str) -> str:
    if value and value[0] not in "-+.0123456789~nNtTfF":
        return _TAG + "str"
    for pattern, kind in ((_INT, "int"), (_FLOAT, "float"), (_BOOL, "bool"), (_NULL, "null")):
        if pattern.fullmatch(value):
            return _TAG + kind
    return _TAG + "str"


@dataclass
class Document:
    """A file as plain data; ``mark(path)`` tells where a value stands."""

    file: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    root: Node | None = None
    size: int = 0
    _keys: dict[int, dict[str, tuple[Node, Node]]] = field(default_factory=dict, repr=False)
    """Keys of the maps that problems have been looked up in; made when first needed."""

    broken: set[Loc] = field(default_factory=set)
    """Values that could not be read: what else is said of them would only follow from that."""
    faulty: set[Loc] = field(default_factory=set)
    """Where mistakes were found."""
    reads: list[Path] = field(default_factory=list)
    """Files it names that were looked for while compiling; nothing may write over them."""

    def mark(self, loc: Loc, key: bool = False, offset: int = 0) -> Mark:
        """Where the value at ``loc`` stands, or the nearest thing that is there.

        Args:
            loc: the path of the value.
            key: its key instead.
            offset: characters into a text that stands on one line.
        """
        node, at, copied = self.root, self.root, 0
        steps = list(loc)
        parents: list[Node] = []
        while steps and node is not None:
            found = self._child(node, steps[0])
            if found is None and copied < 8 and parents and (other := self._copied(node, parents[-1])) is not None:
                node, copied = other, copied + 1
                continue
            if found is None:
                break
            parents.append(node)
            last = len(steps) == 1
            node, at = found[1], found[0] if (key and last) or isinstance(found[1], MappingNode) else found[1]
            steps.pop(0)
        return self._mark(at, offset)

    def _mark(self, node: Node | None, offset: int = 0) -> Mark:
        if node is None or node.start_mark is None:
            return Mark(self.file, 1, 1)
        start, end = node.start_mark, node.end_mark
        if offset and isinstance(node, ScalarNode) and start.line == end.line:
            offset += 1 if node.style else 0
        else:
            offset = 0
        return Mark(self.file, start.line + 1, start.column + 1 + offset)

    def report(
        self,
        loc: Loc,
        text: str,
        nearest: str | None = None,
        *,
        key: bool = False,
        warning: bool = False,
        offset: int = 0,
    ) -> None:
        """Note a problem with the value at ``loc``, or with its key when the text speaks of the key."""
        if self.broken and any(loc[:i] in self.broken for i in range(len(loc) + 1)):
            return
        key = key or bool(loc and isinstance(loc[-1], str) and quoted(loc[-1]) in text)
        self.problems.append(Problem(self.mark(loc, key, offset), dotted(loc), text, nearest, warning))
        if not warning:
            self.faulty.add(loc)

    def _child(self, node: Node, step: str | int) -> tuple[Node, Node] | None:
        if isinstance(node, MappingNode):
            keys = self._keys.get(id(node))
            if keys is None:
                keys = self._keys[id(node)] = {k.value: (k, v) for k, v in reversed(node.value) if _is_word(k)}
            return keys.get(str(step))
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None

    def _copied(self, node: Node, section: Node) -> Node | None:
        """The element that ``node`` copies with ``like:``, where its missing keys stand."""
        like = self._child(node, "like")
        found = self._child(section, like[1].value) if like and _is_word(like[1]) else None
        return found[1] if found else None


def _is_word(node: Node) -> bool:
    return isinstance(node, ScalarNode)


def read(path: str | Path) -> Document:
    """Read a YAML file; every mistake of the text is in ``problems``.

    Raises:
        PlantError: the file cannot be read at all.
    """
    name = str(path)
    try:
        data = first_bytes(path, MAX_BYTES + 1)
    except OSError as error:
        raise PlantError([Problem(Mark(name, 1, 1), "", _why_unreadable(path, error))]) from None
    return parse(data, name)


def _why_unreadable(path: str | Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        folder, wanted = Path(path).parent, Path(path)
        near = nearest(wanted.stem, [p.stem for p in folder.glob("*.yaml")] if folder.is_dir() else [])
        return "no such file" + (f"; did you mean '{folder / near}.yaml'?" if near else "")
    return f"cannot be read: {error.strerror}"


def parse(data: bytes, file: str) -> Document:
    """The same from bytes already in memory."""
    document = Document(file, size=len(data))
    text = _decode(data, document)
    if text is not None:
        with _no_collection():
            _compose(text, document)
    return document


def _build(root: Node, document: Document) -> None:
    try:
        document.data = _Builder(document).value(root, ())
    except _SizeError as error:
        mark = document._mark(error.node)
        text = f"more than {MAX_VALUES:,} values (an alias counts each time it is used)"
        _note(document, mark.line, mark.column, text)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector: all that is made here stays, so walking it again and again is lost time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _compose(text: str, document: Document) -> None:
    try:
        loader = _Loader(text)
        document.root = loader.get_single_node()
    except _DepthError as error:
        line, column = (error.mark.line + 1, error.mark.column + 1) if error.mark else (1, 1)
        _note(document, line, column, f"values are nested more than {MAX_DEPTH} deep")
    except yaml.YAMLError as error:
        _note(document, *misread(error, text))
    except (ValueError, RecursionError) as error:
        _note(document, 1, 1, f"not YAML: {error}")
    if document.root is not None:
        _build(document.root, document)


def _note(document: Document, line: int, column: int, text: str) -> None:
    document.problems.append(Problem(Mark(document.file, line, column), "", text))


def _decode(data: bytes, document: Document) -> str | None:
    if len(data) > MAX_BYTES:
        _note(document, 1, 1, f"the file is larger than {MAX_BYTES // 2**20} MiB")
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _note(document, 1, 1, "the file is UTF-16; save it as UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        meant = data[error.start : error.start + 1].decode("cp1252", "replace")
        _note(document, line, column, f"not UTF-8 (a Windows-1252 '{meant}' stands here); save the file as UTF-8")
        return None
    if odd := BREAKS.search(text):
        line, column = text.count("\n", 0, odd.start()) + 1, odd.start() - text.rfind("\n", 0, odd.start())
        _note(document, line, column, control_character(odd[0]))
        return None
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
}


def _shown(text: str) -> str:
    """A text with its no-break spaces made visible."""
    return quoted(ODD_SPACE.sub("␣", text))


class _Odd(NamedTuple):
    """What is wrong with a text, empty: nothing; and after how many characters."""

    text: str
    offset: int = 0


def _odd_key(node: ScalarNode) -> _Odd:
    """What a key that cannot be printed as it is holds, if that is more than unusual."""
    name = node.value
    if ODD_SPACE.search(name):
        return _Odd(f"the key {_shown(name)} holds a no-break space; type an ordinary space")
    return _control(node, CONTROL.search(name) or _BREAK.search(name))


def _odd_text(node: ScalarNode) -> _Odd:
    """The same of a value; in quotes a no-break space is meant, and lines may end."""
    if not node.style and ODD_SPACE.search(node.value):
        return _Odd(f"{_shown(node.value)} holds a no-break space; type an ordinary space")
    return _control(node, CONTROL.search(node.value))


def _control(node: ScalarNode, odd: re.Match[str] | None) -> _Odd:
    """A character that cannot stand there; where escapes or line ends come before it its place is that of the text."""
    if odd is None:
        return _Odd("")
    long = node.end_mark.column - node.start_mark.column - (2 if node.style else 0)
    return _Odd(control_character(odd[0]), odd.start() if long == len(node.value) else 0)


class _Builder:
    """Node graph → plain data; aliases are counted each time they are used."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0
        self.open: set[int] = set()

    def value(self, node: Node, loc: Loc) -> Any:
        self.count += 1
        if node.tag not in _PLAIN_TAGS:
            tag = node.tag.replace(_TAG, "!!", 1)
            return self._unreadable(node, loc, f"the tag {quoted(tag)} is not allowed; write the value without it")
        if isinstance(node, ScalarNode):
            return self._scalar(node, loc)
        if id(node) in self.open:
            return self._unreadable(node, loc, "the alias of this value stands inside it, so it would never end")
        if self.count > MAX_VALUES:
            raise _SizeError(node)
        self.open.add(id(node))
        built = self._map(node, loc) if isinstance(node, MappingNode) else self._list(node, loc)
        self.open.discard(id(node))
        return built

    def _scalar(self, node: ScalarNode, loc: Loc) -> Any:
        text, kind = node.value, node.tag[len(_TAG) :]
        if kind == "str":
            odd = _Odd("") if text.isprintable() else _odd_text(node)
            return self._unreadable(node, loc, *odd) if odd.text else text
        try:
            return _READERS[kind](text)
        except (ValueError, KeyError):
            return self._unreadable(node, loc, f"{quoted(text)} is not what its tag says; write the value without it")

    def _list(self, node: Node, loc: Loc) -> list[Any]:
        return [self.value(child, (*loc, i)) for i, child in enumerate(node.value)]

    def _map(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        built: dict[str, Any] = {}
        pieces: list[str] = []
        for at, (key, child) in enumerate(node.value):
            if pieces:
                pieces.pop()
                continue
            if pieces := torn(node.value, at):
                name = key.value if _is_word(key) else ""
                self._unreadable(child, (*loc, name), why_torn((child.value, *pieces)))
            if not isinstance(key, ScalarNode):
                self._problem(key, loc, "a word is due as a key here, not a list or a map")
                continue
            name = key.value
            if name == "<<" and not key.style:
                self._problem(key, (*loc, name), "merge keys are not used; write 'like: other_name' to copy an element")
                self._lose(loc)
            elif name in built:
                self._problem(key, (*loc, name), f"the key {quoted(name)} stands twice; keep one")
            elif not name.isprintable() and (odd := _odd_key(key)).text:
                self._problem(key, loc, *odd)
                self._lose(loc)
            else:
                built[name] = self.value(child, (*loc, name))
        return built

    def _unreadable(self, node: Node, loc: Loc, text: str, offset: int = 0) -> None:
        self._problem(node, loc, text, offset)
        self.document.broken.add(loc)

    def _lose(self, loc: Loc) -> None:
        """Some key of a map could not be read; at the top of the layout that spoils no section but its own."""
        self.document.faulty.add(loc)
        if loc:
            self.document.broken.add(loc)

    def _problem(self, node: Node, loc: Loc, text: str, offset: int = 0) -> None:
        self.document.problems.append(Problem(self.document._mark(node, offset), dotted(loc), text))
        self.document.faulty.add(loc)
