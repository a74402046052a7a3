"""The compose file and the production settings, as far as they can be held without a container engine."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern_app.documentation import SETTINGS
from govern_app.settings import BASE_DIR

PRODUCTION = {
    "GOVERN_ENVIRONMENT": "production",
    "GOVERN_SECRET_KEY": "k" * 50,
    "GOVERN_ALLOWED_HOSTS": "govern.example.com",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())


def manage(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env={**environment, "GOVERN_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_home_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "shops" / "one"
    assert manage(home, "check").returncode == 0
    assert home.stat().st_mode & 0o777 == 0o700


def test_compose_has_every_part(compose: dict[str, Any]) -> None:
    assert {"web", "worker", "gpu-worker", "beat", "postgres", "redis"} <= set(compose["services"])


def test_compose_sets_only_known_settings(compose: dict[str, Any]) -> None:
    names = {name for name in compose["x-govern"]["environment"] if name.startswith("GOVERN_")}
    assert names <= {f"GOVERN_{name}" for name in SETTINGS}


def test_compose_dependencies_exist(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name


def test_compose_publishes_on_loopback_alone(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"GOVERN_SECRET_KEY": ""}, "GOVERN_SECRET_KEY must hold"),
        ({"GOVERN_SECRET_KEY": "short"}, "GOVERN_SECRET_KEY must hold"),
        ({"GOVERN_SECRET_KEY": "development-" + "x" * 50}, "GOVERN_SECRET_KEY must hold"),
        ({"GOVERN_DEBUG": "true"}, "GOVERN_DEBUG must be off"),
        ({"GOVERN_ALLOWED_HOSTS": ""}, "GOVERN_ALLOWED_HOSTS must name"),
        ({"GOVERN_JOB_LEASE_SECONDS": "soon"}, "JOB_LEASE_SECONDS"),
    ],
)
def test_production_refuses_to_start(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    result = manage(tmp_path, "check", **{**PRODUCTION, **changed})
    assert result.returncode != 0
    assert reason in result.stderr


def test_production_passes_the_deployment_checks_and_collects_assets(tmp_path: Path) -> None:
    settings = {**PRODUCTION, "GOVERN_STATIC_ROOT": str(tmp_path / "static")}
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "ERROR", **settings)
    assert checked.returncode == 0, checked.stderr
    collected = manage(tmp_path, "collectstatic", "--noinput", **settings)
    assert collected.returncode == 0, collected.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_secret_is_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s" * 50)
    settings = {name: value for name, value in PRODUCTION.items() if name != "GOVERN_SECRET_KEY"}
    result = manage(tmp_path, "check", GOVERN_SECRET_KEY_FILE=str(secret), **settings)
    assert result.returncode == 0, result.stderr


def test_development_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = manage(tmp_path, "diffsettings")
    key = (tmp_path / "secret_key").read_text()
    assert key in first.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert key in manage(tmp_path, "diffsettings").stdout
