"""Values and trees of tests/support/powershell.py."""
import functools

import tree_sitter
import tree_sitter_powershell

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
VOID = object()  # What puts nothing out.


class Failure(Exception):
    """What a script catches."""


class Ended(Exception):
    """`exit`."""


class Bag(dict):
    """A hashtable, or an object's properties: names have no case."""

    def _key(self, key):
        if isinstance(key, str):
            return next((own for own in self if isinstance(own, str) and own.lower() == key.lower()), key)
        return key

    def __getitem__(self, key):
        return super().__getitem__(self._key(key))

    def __setitem__(self, key, value):
        super().__setitem__(self._key(key), value)

    def __contains__(self, key):
        return super().__contains__(self._key(key))


class Thing(Bag):
    """An object, which is no hashtable."""


class Block:
    def __init__(self, node):
        self.node = node


def collapse(outputs):
    return None if not outputs else outputs[0] if len(outputs) == 1 else outputs


def spread(value):
    return [] if value is VOID else list(value) if isinstance(value, list) else [value]


def to_string(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return " ".join(map(to_string, value))
    return str(value)


def truth(value):
    if isinstance(value, list):
        return bool(value) and (len(value) > 1 or truth(value[0]))
    return bool(value) if not isinstance(value, Bag) else True


def same(left, right):
    if left is None or right is None:
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return to_string(left).lower() == to_string(right).lower()
    return left == right


class Node:
    """Of the grammar's tree, kept: asking the parser's own again and again takes ten times as long."""

    __slots__ = ("type", "text", "children", "is_named", "named")

    def __init__(self, node):
        self.type, self.text, self.is_named = node.type, node.text, node.is_named
        self.children = [Node(child) for child in node.children]
        self.named = [child for child in self.children if child.is_named and child.type != "comment"]


@functools.cache
def parse(source):
    return Node(PARSER.parse(source.encode()).root_node)


def named(node):
    return node.named


class Outputs(list):
    """What a pipeline of commands put out; one is itself, none is $null."""


STRINGS = {
    "trim": lambda text: text.strip(), "split": lambda text, by: text.split(by), "indexof": lambda text, what: text.find(what),
    "lastindexof": lambda text, what: text.rfind(what), "substring": lambda text, at, length=None: text[at:] if length is None else text[at:at + length],
    "startswith": lambda text, what, _=None: text.startswith(what), "endswith": lambda text, what: text.endswith(what),
    "tolower": lambda text: text.lower(), "toupper": lambda text: text.upper(), "tolowerinvariant": lambda text: text.lower(),
    "toupperinvariant": lambda text: text.upper(), "replace": lambda text, old, new: text.replace(old, new), "padright": lambda text, width: text.ljust(width),
    "remove": lambda text, at, length: text[:at] + text[at + length:], "tostring": lambda text: text,
}
