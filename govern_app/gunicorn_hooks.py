"""What gunicorn calls when ``manage.py serve`` starts it."""

from typing import Any

from govern_app.tether import tether


def on_starting(server: Any) -> None:
    tether()
