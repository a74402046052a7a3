"""Who says what a column holds, and how often each is right."""

from collections.abc import Callable
from time import perf_counter

from benchmarks.personal_data_columns.column import ROWS, Column


def govern(column: Column) -> str:
    from assessments.quality.personal_data.judging import judge_column

    distinct = len(set(column.values)) / len(column.values)
    found = judge_column(column.name, column.kind, column.values, distinct, column.role)
    return found[0].entity if found else ""


PRESIDIO = {
    "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "payment_card", "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address", "MAC_ADDRESS": "mac_address", "US_SSN": "us_ssn", "UK_NINO": "uk_nino",
    "ES_NIF": "es_dni", "IT_FISCAL_CODE": "it_codice_fiscale", "IN_PAN": "in_pan", "IN_AADHAAR": "in_aadhaar",
    "KR_RRN": "kr_rrn", "DE_TAX_ID": "de_tax_id", "US_PASSPORT": "passport",
}  # fmt: skip
NOT_PERSONAL = {"URL", "DATE_TIME", "UUID"}  # nothing that a person is known by


def presidio() -> Callable[[Column], str]:
    """Presidio's pattern recognisers: a column is of the type that half of its values or more contain."""
    from assessments.quality.personal_data.presidio import presidio_spans

    find = presidio_spans()

    def judge(column: Column) -> str:
        counts: dict[str, int] = {}
        for spans in find(column.values):
            for entity in {span.entity for span in spans} - NOT_PERSONAL:
                counts[entity] = counts.get(entity, 0) + 1
        entity, most = max(counts.items(), key=lambda one: one[1], default=("", 0))
        return PRESIDIO.get(entity, entity) if most >= ROWS / 2 else ""

    return judge


def compare(judge: Callable[[Column], str], made: list[Column]) -> dict[str, object]:
    """Counts over the columns: right, wrong (no personal data, or another type), missed."""
    started = perf_counter()
    answers = [judge(column) for column in made]
    right = sum(bool(column.entity) and answer == column.entity for column, answer in zip(made, answers, strict=True))
    wrong = [(c.name, c.entity, a) for c, a in zip(made, answers, strict=True) if a and a != c.entity]
    missed = [(c.name, c.entity) for c, a in zip(made, answers, strict=True) if c.entity and a != c.entity]
    found, held = right + len(wrong), right + len(missed)
    return {
        "columns": len(made),
        "with": held,
        "without": len(made) - held,
        "precision": right / found if found else 0.0,
        "recall": right / held,
        "wrong": wrong,
        "missed": missed,
        "seconds": round(perf_counter() - started, 2),
    }
