"""The pages of ``docs/`` that are generated from the code: settings, checks and commands.

A test compares them with what is committed, so nothing goes undocumented. Write them anew with
``python manage.py document``.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands, load_command_class
from django.utils.translation import override

from assessments.common.command import GovernCommand
from govern_app.settings import BASE_DIR, env

SETTINGS: dict[str, tuple[str, str]] = {
    "HOME": ("`var/`", "Folder of everything that the embedded defaults write: database, broker, files, keys."),
    "ENVIRONMENT": ("`development`", "`production` refuses a default secret and DEBUG, and expects HTTPS."),
    "DEBUG": ("off", "Show traces in the browser. Refused in production."),
    "SECRET_KEY": ("made once in GOVERN_HOME", "Signs sessions. Production needs at least 40 characters of your own."),
    "ALLOWED_HOSTS": ("loopback names", "Host names that Govern answers to, with commas. Required in production."),
    "CSRF_TRUSTED_ORIGINS": ("none", "Origins (`https://…`) from which forms may be sent, behind a proxy."),
    "DATABASE_URL": ("SQLite in GOVERN_HOME", "For example `postgres://user:password@host:5432/govern`."),
    "SQLITE_TIMEOUT": ("30", "Seconds that a writer waits for SQLite's lock."),
    "TIME_ZONE": ("`UTC`", "Time zone in which pages show times."),
    "STATIC_ROOT": ("`staticfiles/`", "Folder into which `collectstatic` gathers the assets."),
    "HTTPS": ("on in production", "Redirect to HTTPS, and send cookies over HTTPS alone."),
    "BEHIND_PROXY": ("off", "Trust `X-Forwarded-Proto` of a proxy that sets it."),
    "BROKER_URL": ("SQLite in GOVERN_HOME", "Celery's broker, for example `redis://host:6379/0` or `amqp://…`."),
    "JOB_LEASE_SECONDS": ("30", "A job whose worker gave no sign of life for so long is handed out again."),
    "JOB_HEARTBEAT_SECONDS": ("5", "How often a worker renews the lease of its job."),
    "JOB_MAX_ATTEMPTS": ("3", "Attempts after which a job is marked failed."),
    "DATASET_MAX_ROWS": ("200000000", "Rows that a dataset may have."),
    "DATASET_MAX_COLUMNS": ("10000", "Columns that a dataset may have."),
    "DATASET_MAX_BYTES": ("20 GiB", "Size of a source, after decompression, in bytes."),
    "DATASET_LOCAL_PATHS": (
        "none, or the demo's files",
        "Folders, with commas, from which pages and API may register files by path.",
    ),
    "DATASET_PRIVATE_HOSTS": ("none", "Hosts with private addresses from which files may be fetched."),
    "CONNECTIONS": (
        "none",
        "Databases and clusters whose tables may be registered where they are, as `name=address` parted by spaces: "
        "`shop=postgresql://reader:…@host/db#organisations=my-shop&schemas=public lake=spark://local[2]?files=/lake`.",
    ),
    "OBJECT_STORES": (
        "none",
        "Buckets from which objects may be read, as `name=address`: "
        "`raw=s3://KEY:SECRET@bucket/prefix?region=eu-west-1&endpoint=https://…#organisations=my-shop`.",
    ),
    "SCAN_MEMORY": ("`2GiB`", "Memory that a quality scan may use."),
    "SCAN_THREADS": ("2", "Threads that a quality scan may use."),
    "SCAN_TIMEOUT_SECONDS": ("3600", "Seconds after which a quality scan is interrupted."),
    "TRAINING_TIMEOUT_SECONDS": ("86400", "Seconds after which an attempt at a training, or a tuning, is ended."),
    "PSEUDONYM_KEY": (
        "derived from `GOVERN_SECRET_KEY`",
        "Key of pseudonyms, at least 32 random characters; each organisation has its own derived from it. Who changes "
        "it changes every pseudonym made from then on.",
    ),
    "PRIVACY_BUDGET": ("3.0", "Epsilon that all counts published with noise of one dataset may cost together."),
    "PUBLIC_URL": (
        "none",
        "Where people reach the pages, such as `https://govern.example.com`: for links in messages.",
    ),
    "EMAIL_URL": (
        "none: no e-mail is sent",
        "Mail server for messages about findings: `smtp://user:password@host:587/?tls=true`.",
    ),
    "EMAIL_FROM": ("`govern@localhost`", "Sender of those messages."),
    "ENCODER_MODEL": ("all-MiniLM-L6-v2", "Folder of a sentence-transformers model in safetensors form."),
    "VECTOR_CACHE": (
        "`vectors/` in GOVERN_HOME",
        "Folder that keeps the vectors of encoded texts, at most 4 GiB; what it holds can be made again.",
    ),
    "LOG_LEVEL": ("`INFO`", "Least level that is logged to standard error."),
}

NOTE = "<!-- Written by `python manage.py document`; do not edit by hand. -->"


def undocumented_settings() -> set[str]:
    """Settings that the code reads and this page does not explain."""
    read = {name.removeprefix("GOVERN_") for name in env.dump()}
    return read - set(SETTINGS)


def pages() -> dict[Path, str]:
    """The generated pages by their path."""
    folder = BASE_DIR / "docs"
    with override("en"):
        return {
            folder / "settings.md": settings_page(),
            folder / "checks.md": checks_page(),
            folder / "commands.md": commands_page(),
        }


def settings_page() -> str:
    lines = [NOTE, "# Settings", ""]
    lines += [
        "Read from the environment, each with the prefix `GOVERN_`. A name that ends in `_FILE` gives the path of a"
    ]
    lines += ["file that holds the value, for secrets.", "", "| name | default | meaning |", "| --- | --- | --- |"]
    lines += [f"| `GOVERN_{name}` | {default} | {meaning} |" for name, (default, meaning) in SETTINGS.items()]
    return "\n".join(lines) + "\n"


def checks_page() -> str:
    from assessments.quality.checks.document import documentation

    return f"{NOTE}\n# Checks\n\n{documentation()}"


def commands_page() -> str:
    intro = [
        "Each takes `--json`, which prints one JSON document on standard output (progress goes to standard error), and",
        "ends with 0, with 1 for a failure that it explains, or with 2 for wrong usage. None of them migrates the",
        "database; each says when that is needed.",
    ]
    lines = [NOTE, "# Commands", "", *intro]
    for name, command in govern_commands():
        listed = [f"- {usage}: {text}" for usage, text in options(command.create_parser("manage.py", name))]
        lines += ["", f"## {name}", "", f"{command.help}", *([""] if listed else []), *listed]
    return "\n".join(lines) + "\n"


def govern_commands() -> Iterator[tuple[str, GovernCommand]]:
    """The commands of Govern's own apps, by name."""
    for name, app in sorted(get_commands().items()):
        if str(app).startswith(("assessments.", "govern_app")):
            command = load_command_class(str(app), name)
            if isinstance(command, GovernCommand):
                yield name, command


def options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """A command's own options with their help; those of every Django command are left out."""
    common = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color"}
    for action in parser._actions:
        if action.dest in common | {"skip_checks", "json"}:
            continue
        value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        words = action.option_strings or [value]
        usage = words[-1] if action.nargs == 0 or not action.option_strings else f"{words[-1]} {value}"
        choices = f"one of {', '.join(map(str, action.choices))}" if action.choices else ""
        yield f"`{usage}`", "; ".join(filter(None, (action.help, choices))).replace("%%", "%")
