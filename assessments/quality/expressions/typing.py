"""Which kind of value an expression gives, and the refusal of what does not fit together."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.nearest import nearest
from assessments.quality.expressions.families import NUMBERS, TIMES, Family
from assessments.quality.expressions.functions import FUNCTIONS
from assessments.quality.expressions.problems import problem
from assessments.quality.expressions.tree import (
    ARITHMETIC,
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
    children,
    walk,
)
from assessments.quality.regex import regex_problem

Families = Mapping[str, Family]
MOST_DIGITS = 15


def verify_truth(tree: Node, columns: Families | None) -> None:
    """Refuse an expression that is not true or false of a row. Without ``columns`` what depends on their types is
    left for later, when the table is there."""
    if not any(isinstance(node, Column) for node, _depth in walk(tree)):
        raise problem(_("The expression names no column."), 1, _("Write what must hold, for example: price > 0"))
    _verify_constants(tree)
    if columns is not None:
        found = family_of(tree, columns)
        if found is not Family.TRUTH:
            raise problem(
                _("The expression gives %(kind)s, not true or false.") % {"kind": found.in_words},
                _begin(tree),
                _("Compare it with something, for example: price > 0"),
            )


def family_of(node: Node, columns: Families) -> Family:
    """The family of the node's value; raises GovernError at the first place that does not fit."""
    match node:
        case Column(name):
            if name not in columns:
                reason = _("There is no column “%(name)s”.") % {"name": name[:80]}
                raise problem(reason, node.position, nearest(name, list(columns)))
            return columns[name]
        case Constant():
            return node.family
        case Operation(operator, left, right) if operator in ARITHMETIC:
            return _arithmetic(node, operator, _of(left, NUMBERS, columns), _of(right, NUMBERS, columns))
        case Operation(operator, left, right) if operator in COMPARISONS:
            _compared(node, [family_of(left, columns), family_of(right, columns)], operator)
        case Operation(_, left, right):
            _of(left, frozenset({Family.TRUTH}), columns)
            _of(right, frozenset({Family.TRUTH}), columns)
        case Not(operand):
            _of(operand, frozenset({Family.TRUTH}), columns)
        case Negative(operand):
            return _of(operand, NUMBERS, columns)
        case IsNull(operand):
            family_of(operand, columns)
        case In(operand, values):
            found = family_of(operand, columns)
            for value in values:
                _compared(value, [found, value.family], "=")
        case Between(operand, low, high):
            _compared(node, [family_of(each, columns) for each in (operand, low, high)], "<=")
        case Call():
            return _call(node, columns)
    return Family.TRUTH


def common(families: Sequence[Family]) -> Family | None:
    """The family that holds all of these; None when there is none."""
    kinds = set(families) - {Family.NOTHING}
    if len(kinds) <= 1:
        return kinds.pop() if kinds else Family.NOTHING
    if kinds <= NUMBERS:
        return Family.NUMBER
    return Family.TIME if kinds <= TIMES else None


def _of(node: Node, allowed: frozenset[Family], columns: Families) -> Family:
    found = family_of(node, columns)
    if found in allowed:
        return found
    expected = _("true or false") if Family.TRUTH in allowed else _("a number")
    raise _misfit(node, expected, found)


def _misfit(node: Node, expected: str, found: Family) -> GovernError:
    reason = _("%(expected)s is expected here, and this is %(found)s.")
    hint = _("Ask “is null” or “is not null”.") if found is Family.NOTHING else ""
    return problem(reason % {"expected": expected.capitalize(), "found": found.in_words}, _begin(node), hint)


def _arithmetic(node: Operation, operator: str, left: Family, right: Family) -> Family:
    whole = left is right is Family.WHOLE
    if operator == "%" and not whole:
        raise problem(_("“%” takes whole numbers."), node.position, _("Use floor() and a division instead."))
    return Family.WHOLE if whole and operator != "/" else Family.NUMBER


def _compared(node: Node, families: list[Family], operator: str) -> None:
    if Family.NOTHING in families:
        reason = _("Nothing is equal to null, and nothing is above or below it.")
        raise problem(reason, node.position, _("Ask “is null” or “is not null”."))
    shared = common(families)
    if shared is None or shared is Family.OTHER:
        words = [family.in_words for family in families]
        hint = _("Write a day as date('2024-01-31').") if set(families) & TIMES and Family.TEXT in families else ""
        reason = _("%(left)s and %(right)s cannot be compared.") % {"left": words[0].capitalize(), "right": words[-1]}
        raise problem(reason, node.position, hint)
    if shared is Family.TRUTH and operator not in ("=", "!="):
        raise problem(_("True and false have no order."), node.position)


def _call(node: Call, columns: Families) -> Family:
    function = FUNCTIONS[node.function]
    found = []
    for at, argument in enumerate(node.arguments):
        family = family_of(argument, columns)
        allowed = function.argument(at)
        if family not in allowed:
            expected = _(" or ").join(sorted({kind.in_words for kind in allowed}))
            raise _misfit(argument, expected if len(allowed) < 4 else _("a value"), family)
        found.append(family)
    if function.gives is not None:
        return function.gives
    shared = common(found[1:] if node.function == "if" else found)
    if shared is None:
        raise problem(_("The values of “%(name)s” are of different kinds.") % {"name": node.function}, node.position)
    return shared


def _verify_constants(tree: Node) -> None:
    """What a function wants written and not computed: regular expressions and numbers of digits."""
    for node, _depth in walk(tree):
        if not isinstance(node, Call):
            continue
        for at in FUNCTIONS[node.function].constant:
            if at < len(node.arguments):
                _verify_constant(node, node.arguments[at])


def _verify_constant(call: Call, argument: Node) -> None:
    value = argument.value if isinstance(argument, Constant) else None
    if call.function == "matches":
        if not isinstance(value, str):
            raise problem(_("The regular expression must be a written text."), _begin(argument))
        if reason := regex_problem(value):
            hint = _("RE2 has no look-ahead, look-behind or back-references.")
            text = _("This is not a regular expression of RE2: %(reason)s.") % {"reason": reason}
            raise problem(text, _begin(argument), hint)
    elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DIGITS:
        reason = _("The number of digits must be a written whole number from 0 to %(most)d.") % {"most": MOST_DIGITS}
        raise problem(reason, _begin(argument))


def _begin(node: Node) -> int:
    """The first character of the node as far as its parts tell."""
    return min([node.position, *(_begin(child) for child in children(node))])
