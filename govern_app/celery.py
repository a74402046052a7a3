"""The Celery application; the database row of a job, not the broker, is the truth about its state."""

import os
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.signals import worker_init, worker_process_init

from govern_app.tether import tether

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govern_app.settings")

EMBEDDED = "sqla+sqlite:///"

app = Celery("govern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The threads of the web server ask for the application too, and would otherwise be given an empty one.
app.set_default()
# By name: it imports models, which are not ready yet.
app.steps["worker"].add("assessments.jobs.reaper:Reaper")
app.steps["worker"].add("assessments.jobs.rounds:Rounds")


@app.on_after_configure.connect
def prepare_embedded_broker(sender: Celery, **kwargs: Any) -> None:
    """Let readers and writers of the broker's SQLite file go on side by side; the file remembers it."""
    url = str(sender.conf.broker_url or "")
    if url.startswith(EMBEDDED):
        connection = sqlite3.connect(broker_path(url), timeout=30)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.close()


@worker_init.connect
def end_with_supervisor(**kwargs: Any) -> None:
    tether()


@worker_init.connect
def drop_delivered_messages(**kwargs: Any) -> None:
    """The SQLite transport keeps every message that it has delivered; nobody reads them again."""
    url = str(app.conf.broker_url or "")
    if not url.startswith(EMBEDDED):
        return
    connection = sqlite3.connect(broker_path(url), timeout=30, isolation_level=None)
    try:
        connection.execute("DELETE FROM kombu_message WHERE visible = 0")
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
    finally:
        connection.close()


@worker_process_init.connect
def forget_inherited_broker_connections(**kwargs: Any) -> None:
    """A SQLite connection must not be used across a fork; the transport caches its engines in the class."""
    if str(app.conf.broker_url or "").startswith("sqla+"):
        from kombu.transport.sqlalchemy import Channel  # costs SQLAlchemy, which other brokers do without

        for engine, _session in Channel._engines.values():
            engine.dispose(close=False)
        Channel._engines.clear()


def broker_path(url: str) -> str:
    """The file of an embedded broker: ``sqla+sqlite:////tmp/b.sqlite3?timeout=30`` -> ``/tmp/b.sqlite3``."""
    return urlsplit(url.removeprefix("sqla+")).path.removeprefix("/")
