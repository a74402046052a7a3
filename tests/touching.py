"""Keeps the tests that touch a database, a broker, a browser or Spark: the pytest plugin of ``tests/services.py``.

A test touches a database when it asks for one: pytest-django refuses it to any other, so that none is left out by
mistake. What runs outside of the test's own process says so by its marker. The rest (formulas, checks on DuckDB,
expressions, templates) gives the same on every database and runs in ``make test``.
"""

import pytest

FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"})
MARKERS = ("services", "worker", "browser")


def touches(item: pytest.Item) -> bool:
    asked = FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or any(item.get_closest_marker(name) for name in ("django_db", *MARKERS))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not touches(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if touches(item)]
