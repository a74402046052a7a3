"""Words to a tree, by recursive descent. From loosest to tightest: or, and, not, comparisons, + and -, * / %, minus."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.expressions.functions import FUNCTIONS, nearest_function
from assessments.quality.expressions.lexer import Word, words
from assessments.quality.expressions.problems import problem
from assessments.quality.expressions.tree import (
    COMPARISONS,
    Between,
    Call,
    Column,
    Constant,
    In,
    IsNull,
    Negative,
    Node,
    Not,
    Operation,
    cost,
    walk,
)

DEEPEST = 40
MOST_TERMS = 600
MOST_VALUES = 1_000


def parse(source: str) -> Node:
    """The tree of an expression; raises GovernError saying at which character it cannot be read."""
    parser = _Parser(words(source))
    tree = parser.whole()
    for node, depth in walk(tree):
        if depth > DEEPEST:
            raise too_large(node.position)
    if cost(tree) > MOST_TERMS:
        raise too_large(tree.position)
    return tree


def too_large(position: int) -> GovernError:
    return problem(_("The expression is too large."), position, _("Split it into several rules."))


class _Parser:
    def __init__(self, found: list[Word]) -> None:
        self.words, self.at, self.depth = found, 0, 0

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def take(self) -> Word:
        word = self.word
        self.at += word.kind != "end"
        return word

    def accept(self, kind: str, *values: str) -> Word | None:
        if self.word.kind == kind and self.word.value in values:
            return self.take()
        return None

    def expect(self, symbol: str) -> None:
        if self.accept("symbol", symbol) is None:
            raise self.unexpected(_("“%(symbol)s”") % {"symbol": symbol})

    def unexpected(self, expected: str) -> GovernError:
        reason = _("%(expected)s is expected, not “%(found)s”.")
        return problem(reason % {"expected": expected, "found": self.word.shown[:40]}, self.word.position)

    def whole(self) -> Node:
        if self.word.kind == "end":
            raise problem(_("The expression is empty."), 1, _("Write what must hold, for example: price > 0"))
        tree = self.alternative()
        if self.word.kind != "end":
            hint = ""
            if self.word.kind == "symbol" and self.word.value in COMPARISONS:
                hint = _("Comparisons are not chained: write a < b and b < c.")
            elif self.word.kind == "name" and self.word.value.lower() == "like":
                hint = _("There is no “like”: use contains, starts_with, ends_with or matches.")
            raise problem(_("“%(found)s” is one too many.") % {"found": self.word.shown[:40]}, self.word.position, hint)
        return tree

    def deeper(self, part: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_large(self.word.position)
        tree = part()
        self.depth -= 1
        return tree

    def alternative(self) -> Node:
        return self.chain(self.conjunction, "keyword", "or")

    def conjunction(self) -> Node:
        return self.chain(self.negation, "keyword", "and")

    def sum(self) -> Node:
        return self.chain(self.product, "symbol", "+", "-")

    def product(self) -> Node:
        return self.chain(self.signed, "symbol", "*", "/", "%")

    def chain(self, part: Callable[[], Node], kind: str, *operators: str) -> Node:
        tree = part()
        while (word := self.accept(kind, *operators)) is not None:
            tree = Operation(word.value, tree, part(), word.position)
        return tree

    def negation(self) -> Node:
        if (word := self.accept("keyword", "not")) is not None:
            return Not(self.deeper(self.negation), word.position)
        return self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        if (word := self.accept("symbol", *COMPARISONS)) is not None:
            return Operation(word.value, left, self.sum(), word.position)
        if (word := self.accept("keyword", "is")) is not None:
            negated = self.accept("keyword", "not") is not None
            if self.accept("keyword", "null") is None:
                raise self.unexpected(_("“null”"))
            return IsNull(left, negated, word.position)
        begin = self.word.position
        negated = self.accept("keyword", "not") is not None
        if self.accept("keyword", "in") is not None:
            return In(left, self.listed(), negated, begin)
        if self.accept("keyword", "between") is not None:
            low = self.sum()
            if self.accept("keyword", "and") is None:
                raise self.unexpected(_("“and”"))
            return Between(left, low, self.sum(), negated, begin)
        if negated:
            raise self.unexpected(_("“in” or “between”"))
        return left

    def listed(self) -> tuple[Constant, ...]:
        self.expect("(")
        values: list[Constant] = []
        while True:
            position = self.word.position
            value = self.signed()
            if not isinstance(value, Constant) or value.value is None:
                raise problem(
                    _("A list holds constants only."), position, _("Join several comparisons with “or” instead.")
                )
            values.append(value)
            if len(values) > MOST_VALUES:
                raise problem(
                    _("The list has more than %(count)d values.") % {"count": MOST_VALUES},
                    position,
                    _("Use the check “allowed_values”, or a reference to another dataset."),
                )
            if self.accept("symbol", ")") is not None:
                return tuple(values)
            self.expect(",")

    def signed(self) -> Node:
        word = self.accept("symbol", "-")
        if word is None:
            return self.primary()
        if self.word.kind == "number":
            return Constant(-self.take().value, word.position)
        return Negative(self.deeper(self.signed), word.position)

    def primary(self) -> Node:
        word = self.take()
        if word.kind == "number":
            return Constant(float(word.value) if word.value == 2**63 else word.value, word.position)
        if word.kind == "text":
            return Constant(word.value, word.position)
        if word.kind == "column":
            return Column(word.value, word.position)
        if word.kind == "keyword" and word.value in ("true", "false", "null"):
            return Constant({"true": True, "false": False, "null": None}[word.value], word.position)
        if word.kind == "name":
            return self.call(word) if self.accept("symbol", "(") else Column(word.value, word.position)
        if word.kind == "symbol" and word.value == "(":
            tree = self.deeper(self.alternative)
            self.expect(")")
            return tree
        self.at -= word.kind != "end"
        raise self.unexpected(_("a column, a constant or a function"))

    def call(self, word: Word) -> Node:
        name = word.value.lower()
        if name not in FUNCTIONS:
            reason = _("There is no function “%(name)s”.") % {"name": word.value[:40]}
            raise problem(reason, word.position, nearest_function(name))
        arguments: list[Node] = []
        if self.accept("symbol", ")") is None:
            while True:
                arguments.append(self.deeper(self.alternative))
                if self.accept("symbol", ")") is not None:
                    break
                self.expect(",")
        FUNCTIONS[name].require_count(len(arguments), word.position)
        if name in ("date", "time"):
            return _moment(name, arguments[0], word.position)
        return Call(name, tuple(arguments), word.position)


def _moment(function: str, argument: Node, position: int) -> Constant:
    """``date('2024-01-31')`` and ``time('2024-01-31 12:30:00')`` are constants; a time is read as UTC."""
    written = argument.value if isinstance(argument, Constant) else None
    try:
        if isinstance(written, str):
            if function == "date" and len(written) == 10:
                return Constant(date.fromisoformat(written), position)
            moment = datetime.fromisoformat(written) if function == "time" and len(written) > 10 else None
            if moment is not None and moment.tzinfo is None:
                return Constant(moment, position)
    except ValueError:
        pass
    example = "date('2024-01-31')" if function == "date" else "time('2024-01-31 12:30:00')"
    raise problem(
        _("“%(name)s” takes a written day that exists.") % {"name": function},
        position,
        _("Write %(example)s.") % {"example": example},
    )
