"""The settings of the project for a worker that ``serve`` starts, with the test kinds known to it."""

from govern_app.settings import *  # noqa: F403 - all of them, and one more

CELERY_IMPORTS = ["kinds"]
