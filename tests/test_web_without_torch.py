"""The web process stays small and quick to start: nothing that it imports loads torch."""

import subprocess
import sys

CODE = """
import sys
from govern_app.wsgi import application
from django.urls import get_resolver
from django.contrib import admin

def walk(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern.callback

views = list(walk(get_resolver().url_patterns))
admin.autodiscover()
import assessments.recommenders.services, assessments.recommenders.tasks
from assessments.recommenders import ml_adapter
ml_adapter.check_model("perceptron", {"epochs": "3"})
ml_adapter.check_split("time:2011-10-10,28d")
ml_adapter.model_choices()
heavy = sorted(name for name in ("torch", "sentence_transformers", "transformers") if name in sys.modules)
print(len(views), heavy)
"""


def test_importing_every_url_and_view_loads_no_torch() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, heavy = done.stdout.strip().splitlines()[-1].split(" ", 1)
    assert int(count) > 5
    assert heavy == "[]"
