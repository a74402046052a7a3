"""How texts are written: spaces, case, several writings of one code, numbers with units, dates in several ways."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.measures import measure_read
from assessments.quality.suggest.alike import alike
from assessments.quality.suggest.look import Look, id_like, is_code, is_free, quoted, told
from assessments.quality.suggest.named_days import named_days
from assessments.quality.suggest.suggested import Suggested, mend, suggested

# Above this share one letter case is how the column is written.
ONE_CASE = 0.95
MEASURES = 0.9
# A unit that stands in fewer of the values is a letter of a code.
LEAST_UNITS = 0.1
# In a column of names of their own two alike are two names.
REPEATED = 0.9
# Words after the unit are a remark where few cells have them; elsewhere they say what is measured (160 GB SATA).
REMARKS = 0.25
UNIT = re.compile(r"\s*[+-]?[\d.]+\s*(.*?)\s*", re.DOTALL)
AT_ENDS, INSIDE = re.compile(r"^\s|\s$"), re.compile(r"\S[^\S\n]{2,}\S")
BROKEN = re.compile("\ufffd|Ã[\u0080-\u00bf]|[\u200b\u200e\u200f\ufeff\u0000-\u0008]")
DATES = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?|\d{1,2}[ -][A-Za-z]{3,9}[ ,-]+\d{4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}"
)


def writing(look: Look) -> Iterator[Suggested]:
    for facts in look.texts:
        values = told(facts)
        if not values:
            continue
        one_way = (
            alike(look, facts)
            or named_days(facts, values)
            or next(_dates(facts, values), None)
            or _measures(look, facts, values)
        )
        if one_way is not None:
            yield one_way
            continue
        yield from _form(facts, values)
        yield from _collisions(facts, values)


def _form(facts: ColumnFacts, values: list[tuple[str, int]]) -> Iterator[Suggested]:
    stray, inside = _stray(facts, values)
    broken = [value for value, _n in values if BROKEN.search(value)]
    case = "" if stray or broken else _case(facts, values)
    if not stray and not broken and not case:
        return
    reasons = []
    if stray:
        reasons.append(
            _("Some values have spaces at their ends, or several in a row.")
            if inside
            else _("Some values have spaces at their ends.")
        )
    if broken:
        reasons.append(_("Some values hold invisible or broken characters."))
    if case:
        words = {"upper": _("capitals"), "lower": _("small letters")}
        reasons.append(_("Nearly all values are written in %(case)s.") % {"case": words[case]})
    parameters = {"case": case} if case else {}
    repair = (
        mend("normalise_spaces", [facts.name], **({} if inside else {"inside": "keep"}))
        if stray
        else mend("normalise_case", [facts.name], to=case or "lower")
    )
    yield suggested(
        "text_form",
        [facts.name],
        name=_("“%(column)s” is cleanly written") % {"column": facts.name},
        reason=" ".join(reasons),
        rank=55,
        parameters=parameters,
        most=0.6,
        repair={} if broken and not stray and not case else repair,
    )


def _stray(facts: ColumnFacts, values: list[tuple[str, int]]) -> tuple[list[str], bool]:
    """The values with stray spaces, and whether spaces inside are among them.

    Two spaces inside are a slip when the column has the same value with one, or values that do not repeat. What stands
    in many rows and always with two spaces is how the value is written.
    """
    known = {value for value, _n in values}
    ends = [value for value, _n in values if AT_ENDS.search(value)]
    inside = [value for value, _n in values if INSIDE.search(value)]
    unique = facts.distinct > REPEATED * facts.filled
    slips = [value for value in inside if unique or re.sub(r"[^\S\n]{2,}", " ", value).strip() in known]
    return [*ends, *slips], bool(slips)


def _case(facts: ColumnFacts, values: list[tuple[str, int]]) -> str:
    """The case in which nearly all values are written but not all; "" when there is none."""
    if is_free(facts):
        return ""
    counted: Counter[str] = Counter()
    for value, count in values:
        if any(letter.lower() != letter.upper() for letter in value):
            counted["upper" if value == value.upper() else "lower" if value == value.lower() else "mixed"] += count
    total = counted.total()
    for case in ("upper", "lower"):
        if total and ONE_CASE <= counted[case] / total < 1:
            return case
    return ""


def _collisions(facts: ColumnFacts, values: list[tuple[str, int]]) -> Iterator[Suggested]:
    """Codes that differ only in case or spaces, apart from stray spaces, which have a rule of their own."""
    if is_free(facts) or facts.distinct > REPEATED * facts.filled:
        return
    writings: dict[str, list[str]] = {}
    for value, _n in values:
        writings.setdefault("".join(value.lower().split()), []).append(value)
    several = [found for found in writings.values() if len({" ".join(one.split()) for one in found}) > 1]
    if not several:
        return
    spaces = any(len({one.lower() for one in found}) > 1 for found in several)
    case = any(len({"".join(one.split()) for one in found}) > 1 for found in several)
    ignore = "case_and_space" if spaces and case else "space" if spaces else "case"
    yield suggested(
        "code_collision",
        [facts.name],
        name=_("“%(column)s” writes each code in one way") % {"column": facts.name},
        reason=(
            _("One code is written in several ways: %(values)s.")
            if len(several) == 1
            else _("%(count)s codes are written in several ways, such as %(values)s.")
        )
        % {"count": len(several), "values": quoted(several[0])},
        rank=65 if is_code(facts) else 58,
        parameters={"ignore": ignore},
        repair=mend("normalise_codes", [facts.name]),
    )


def _measures(look: Look, facts: ColumnFacts, values: list[tuple[str, int]]) -> Suggested | None:
    """Numbers with units: one unit written in several ways, or beside bare numbers."""
    total = sum(count for _value, count in values)
    units: Counter[str] = Counter()
    writings: Counter[str] = Counter()
    remarks = 0
    for value, count in values:
        measure, match = measure_read(value), UNIT.fullmatch(value)
        if measure is None or match is None or any(map(str.isdigit, measure.rest)):
            continue
        units[measure.unit] += count
        writings[match[1]] += count
        remarks += count if measure.rest else 0
    named = [unit for unit in units if unit]
    with_unit = sum(units[unit] for unit in named)
    if remarks > REMARKS * total:
        return None
    if len(writings) < 2 or with_unit < LEAST_UNITS * total or units.total() < MEASURES * total:
        return None
    if id_like(facts.name) or look.role_of.get(facts.name) in {"item", "user", "order", "session"}:
        return None
    ways = quoted([way or _("no unit") for way, _n in writings.most_common()])
    if len(named) == 1:
        return suggested(
            "format",
            [facts.name],
            name=_("“%(column)s” is a number") % {"column": facts.name},
            reason=_("All values are numbers in %(unit)s, whose unit is written in %(count)s ways: %(ways)s.")
            % {"unit": named[0], "count": len(writings), "ways": ways},
            rank=90,
            parameters={"format": "number"},
            most=1.0,
            repair=mend("normalise_units", [facts.name], write="number", rest="drop"),
        )
    usual = writings.most_common(1)[0][0]
    return suggested(
        "pattern",
        [facts.name],
        name=_("“%(column)s” writes its unit in one way") % {"column": facts.name},
        reason=_("Values are measures in several units or writings: %(ways)s.") % {"ways": ways},
        rank=88,
        parameters={"regex": rf"[+-]?\d+(?:\.\d+)?\s*{re.escape(usual)}", "match": "full"},
        most=0.95,
        repair=mend("normalise_units", [facts.name]),
    )


def _dates(facts: ColumnFacts, values: list[tuple[str, int]]) -> Iterator[Suggested]:
    """Texts that are dates written in several ways."""
    total = sum(count for _value, count in values)
    shapes: Counter[str] = Counter()
    for value, count in values:
        if DATES.fullmatch(value.strip()):
            way = re.sub(r"\d+", lambda run: "9" * (4 if len(run[0]) == 4 else 2), value.strip())
            shapes[re.sub(r"[A-Za-z]{3,}", "month", way)] += count
    if sum(shapes.values()) < MEASURES * total or not shapes:
        return
    several = len(shapes) > 1
    reason = (
        _("Dates are written in %(count)s ways: %(ways)s.")
        if several
        else _("The texts are dates, written as %(ways)s.")
    )
    iso = shapes.most_common(1)[0][0].startswith("9999-99-99")
    if not several and not iso:
        return
    yield suggested(
        "format",
        [facts.name],
        name=_("“%(column)s” is a date, written in one way") % {"column": facts.name},
        reason=reason % {"count": len(shapes), "ways": quoted([way for way, _n in shapes.most_common()])},
        rank=82,
        parameters={"format": "date"},
        most=1.0,
        repair=mend("normalise_dates", [facts.name]),
    )
