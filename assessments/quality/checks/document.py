"""The reference of all checks and of the language of expressions in Markdown, written from the code."""

from assessments.quality.checks.description import CheckDescription, describe, functions_described
from assessments.quality.checks.registry import all_checks

EXPRESSIONS = """## Expressions

Some checks take an expression: a condition on the columns of one row, such as
`price > 0 and currency in ('EUR', 'USD')`.

- Columns are written by their names, in backquotes when a name has spaces or signs: `` `unit price` ``. Upper and lower
  case differ.
- Constants: numbers (`12`, `0.5`, `1e6`), texts in single quotes (`'EUR'`; a quote in a text is written twice), `true`,
  `false`, `null`, days `date('2024-01-31')` and moments `time('2024-01-31 12:30:00')`.
- Arithmetic: `+ - * /` and `%` (the remainder of whole numbers, with the sign of the first).
- Comparison: `= != < <= > >=`, `between … and …` (both bounds are inside), `in (…)`, `is null`, `is not null`, and
  `not` before `in` and `between`. Texts are compared by the codes of their characters.
- `and`, `or`, `not`, and brackets.

What is computed from an empty cell is empty, as in SQL: `price > 0` is neither true nor false where the price is empty,
`a and b` is false as soon as one of them is. A division by zero is empty, and so is NaN, stored or computed. Whole
numbers are computed with 64 bits, all others, decimals too, as 64-bit floating point; times are in UTC. An expression
is never passed on to a database as SQL; it calls these functions and nothing else:
"""


def documentation() -> str:
    functions = "\n".join(f"- `{usage}`: {text}" for usage, text in functions_described())
    return "\n\n".join([*(section(describe(check)) for check in all_checks()), f"{EXPRESSIONS}\n{functions}"]) + "\n"


def section(check: CheckDescription) -> str:
    lines = [f"## {check.name}", "", f"{check.label}. {check.help}", ""]
    lines += [
        f"- Dimension unless the rule says otherwise: {check.dimension}",
        f"- Characteristic of ISO/IEC 25012: {check.characteristic}",
        f"- Columns: {check.columns}",
        f"- The count is {check.exactness}.",
    ]
    lines += [f"- Needs {check.needs}."] if check.needs else []
    for choice, meaning in check.meanings:
        lines.append(f"- What is counted{f' with `{choice}`' if choice else ''}: {meaning}")
    if check.parameters:
        lines += ["", "| parameter | takes | | meaning |", "| --- | --- | --- | --- |"]
        lines += [f"| `{p.name}` | {_cell(p.takes)} | {_cell(p.usual)} | {_cell(p.help)} |" for p in check.parameters]
    return "\n".join([*lines, "", "```yaml", check.example.rstrip(), "```"])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
