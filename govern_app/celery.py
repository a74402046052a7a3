"""The Celery application; the database row of a job, not the broker, is the truth about its state."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govern_app.settings")

app = Celery("govern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
