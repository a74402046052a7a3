"""Which values a column may have: closed sets with their typing errors, shapes of codes, known formats."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.profile.values import shape_of
from assessments.quality.repairs.spelling import corrections
from assessments.quality.suggest.look import Look, hidden, id_like, is_code, is_free, plain, quoted, told
from assessments.quality.suggest.suggested import Suggested, mend, suggested

# A set is closed when each of its values stands in so many rows on average, and when it is this small.
ROWS_PER_VALUE, SMALL_SET, LARGEST_SET = 20, 40, 300
# One writing holds for a column when it covers this share of its values.
DOMINANT = 0.93
ONE_LENGTH = 0.9
WITH_DIGITS = 0.5
MOST_SHAPES, SURE_SHARE, LEAST_SHARE, CONCENTRATED = 5, 0.05, 0.012, 0.7
RUN = re.compile(r"9+|A+|[^9A]")
FORMATS: tuple[tuple[str, str], ...] = (
    ("email", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    ("url", r"https?://\S+"),
    ("uuid", r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    ("ip", r"(?:\d{1,3}\.){3}\d{1,3}"),
    ("number", r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
)
BY_NAME: tuple[tuple[str, str, str], ...] = (
    ("ean13", r"ean|gtin|barcode|条形码|条码", r"\d{13}"),
    ("upc_a", r"upc", r"\d{12}"),
    ("country_alpha2", r"country|nation|国家", r"[A-Z]{2}"),
    ("country_alpha3", r"country|nation|国家", r"[A-Z]{3}"),
    ("currency", r"curr|币种", r"[A-Z]{3}"),
    ("language", r"lang|语言", r"[a-z]{2}"),
)
FITS = 0.9


def sets(look: Look) -> Iterator[Suggested]:
    for facts in look.texts:
        values = told(facts)
        found = _format(facts, values)
        if found is not None:
            yield found
            continue
        closed = _closed(look, facts, values)
        if closed is not None:
            yield closed
        if closed is None:
            yield from _shape(facts)


def _format(facts: ColumnFacts, values: Sequence[tuple[str, int]]) -> Suggested | None:
    """A known format that nearly all values have; the scan says how many of them really do."""
    total = sum(count for _value, count in values)
    named = [(kind, shape) for kind, word, shape in BY_NAME if re.search(word, facts.name.lower())]
    for kind, shape in (*named, *FORMATS):
        pattern = re.compile(shape)
        fits = sum(count for value, count in values if pattern.fullmatch(value.strip()))
        if total and fits >= FITS * total and (kind != "number" or _worth_a_number(facts, values)):
            return suggested(
                "format",
                [facts.name],
                name=_("“%(column)s” is a proper %(format)s") % {"column": facts.name, "format": _said(kind)},
                reason=_("%(share)s %% of the values look like one.") % {"share": f"{100 * fits / total:.3g}"},
                rank=70,
                parameters={"format": kind},
                guard=kind != "number",
                most=0.1,
            )
    return None


def _worth_a_number(facts: ColumnFacts, values: Sequence[tuple[str, int]]) -> bool:
    """Codes are digits too: a number has a decimal point, or digits in several lengths and is no code by its name."""
    points = any("." in value for value, _n in values)
    zeros = any(re.match(r"0\d", value) for value, _n in values)
    return points or not (zeros or id_like(facts.name) or len({len(value) for value, _n in values}) < 3)


def _said(kind: str) -> str:
    words = {
        "email": _("e-mail address"),
        "url": _("web address"),
        "uuid": _("UUID"),
        "ip": _("IP address"),
        "number": _("number"),
        "country_alpha2": _("country code of two letters"),
        "country_alpha3": _("country code of three letters"),
        "currency": _("currency code"),
        "language": _("language code"),
    }
    return words.get(kind, kind.upper().replace("_", "-"))


def _closed(look: Look, facts: ColumnFacts, values: Sequence[tuple[str, int]]) -> Suggested | None:
    """A list of allowed values: what is left when typing errors are taken out."""
    if not facts.values.complete or not look.shows(facts) or not values or (is_free(facts) and facts.distinct > 40):
        return None
    counts = dict(values)
    # With more values than these it cannot be a closed set, however many of them are errors.
    closed = look.role_of.get(facts.name) not in {"query", "text", "title"}  # what people typed is what they typed
    wrong = corrections(counts) if closed and facts.distinct <= min(4 * LARGEST_SET, facts.filled / 2) else {}
    right = [value for value in counts if value not in wrong]
    filled = sum(counts.values())
    small = len(right) <= SMALL_SET and filled >= ROWS_PER_VALUE * len(right)
    if not plain(right) or not (small or (wrong and len(right) <= LARGEST_SET and filled >= 5 * len(right))):
        return None
    allowed = right + [value for value, _n in facts.values.counts if hidden(value)]
    few = (
        _("%(rows)s rows have only one value.")
        if len(right) == 1
        else _("%(rows)s rows have only %(count)s different values.")
    )
    reason = few % {"count": len(right), "rows": f"{filled:,}"}
    if wrong:
        pairs = quoted([f"{bad} → {good}" for bad, good in list(wrong.items())[:3]])
        errors = (
            _("One rare value is probably a typing error: %(pairs)s.")
            if len(wrong) == 1
            else _("%(count)s rare values are probably typing errors, such as %(pairs)s.")
        )
        reason += " " + errors % {"count": len(wrong), "pairs": pairs}
    return suggested(
        "allowed_values",
        [facts.name],
        name=_("“%(column)s” is one of the known values") % {"column": facts.name},
        reason=reason,
        rank=84 if wrong else 40,
        parameters={"values": allowed},
        guard=not wrong and len(right) > 1,
        repair=mend("correct_typos", [facts.name]) if wrong else None,
    )


def _shape(facts: ColumnFacts) -> Iterator[Suggested]:
    """A regular expression made of the shapes that nearly all values have."""
    if not is_code(facts) or not facts.shapes:
        return
    shapes = Counter(facts.shapes)
    words = Counter({shape_of(v): n for v, n in facts.values.counts if hidden(v)})
    shapes -= words
    total = shapes.total()
    if sum(count for shape, count in shapes.items() if "9" in shape) < WITH_DIGITS * total:
        return  # shapes of words say nothing
    runs: Counter[str] = Counter()
    for shape, count in shapes.items():
        runs[re.sub(r"9+", "9", re.sub(r"A+", "A", shape))] += count
    kept: list[str] = []
    covered = 0
    for form, count in runs.most_common(MOST_SHAPES):
        if covered < DOMINANT * total or count >= SURE_SHARE * total or _is_one_shape(form, count, shapes, total):
            kept.append(form)
            covered += count
    if not total or covered < DOMINANT * total or (covered == total and facts.shapes_of_rows):
        return
    regex = "|".join(_regex(form, shapes) for form in kept)
    if covered == total and "+" in regex:
        return  # it watches next to nothing
    yield suggested(
        "pattern",
        [facts.name],
        name=_("“%(column)s” has the usual shape") % {"column": facts.name},
        reason=_("%(share)s %% of the values have the shape %(shapes)s, where 9 is any digit and A any letter.")
        % {"share": f"{100 * covered / total:.4g}", "shapes": quoted(_examples(kept, shapes), shapes=True)},
        rank=62 if covered < total else 35,
        parameters={"regex": with_words(regex, facts), "match": "full"},
        guard=covered == total and len(kept) == 1,
        most=1 - DOMINANT,
    )


def _is_one_shape(form: str, count: int, shapes: Counter[str], total: int) -> bool:
    """Whether a rarer form is one of its own, such as C999999 beside 999999: errors come in many shapes."""
    most = max(n for shape, n in shapes.items() if _form(shape) == form)
    return count >= max(LEAST_SHARE * total, 50) and most >= CONCENTRATED * count


def _examples(forms: Sequence[str], shapes: Counter[str]) -> list[str]:
    """The most frequent whole shape of each form."""
    return [max((s for s in shapes if _form(s) == form), key=lambda s: shapes[s]) for form in forms]


def _form(shape: str) -> str:
    return re.sub(r"9+", "9", re.sub(r"A+", "A", shape))


def _regex(form: str, shapes: Counter[str]) -> str:
    """The form with the lengths that its runs have in nearly all values."""
    parts = RUN.findall(form)
    lengths: list[Counter[int]] = [Counter() for _part in parts]
    for shape, count in shapes.items():
        if _form(shape) == form:
            for place, run in enumerate(RUN.findall(shape)):
                lengths[place][len(run)] += count
    signs = {"9": r"\d", "A": r"\p{L}"}
    return "".join(
        signs[part] + _times(lengths[place]) if part in signs else _sign(part) for place, part in enumerate(parts)
    )


def _sign(part: str) -> str:
    return part if part in " -_/%:,;#&@" else re.escape(part)


def _times(lengths: Counter[int]) -> str:
    """How often: exactly as often as in nearly all values, or any number of times."""
    (usual, count), total = lengths.most_common(1)[0], lengths.total()
    if count >= ONE_LENGTH * total:
        return "" if usual == 1 else f"{{{usual}}}"
    return "+"


def with_words(regex: str, facts: ColumnFacts) -> str:
    """The expression, or one of the words for "missing", which have a rule of their own."""
    pattern = re.compile(regex.replace(r"\p{L}", r"[^\W\d_]"))
    hiding = [value for value, _n in facts.values.counts if hidden(value) and not pattern.fullmatch(value)]
    return "|".join([regex, *map(re.escape, hiding)])
