"""Build what the pages load: ``python -m govern_app.assets``, or with ``--installed`` where npm has run already.

Copies style sheets, scripts and icons out of their packages into ``static/vendor`` and compiles the translations.
Nothing of it is committed, and nothing is loaded from another host afterwards.
"""

import hashlib
import importlib.resources
import json
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICONS = (
    "alert-triangle",
    "arrow-down",
    "arrow-up",
    "building",
    "check",
    "checklist",
    "chevron-right",
    "cpu",
    "database",
    "device-desktop",
    "download",
    "external-link",
    "file",
    "home",
    "info-circle",
    "language",
    "link",
    "lock",
    "logout",
    "menu-2",
    "moon",
    "player-play",
    "plus",
    "progress",
    "refresh",
    "report-analytics",
    "search",
    "settings",
    "shield-check",
    "sun",
    "upload",
    "user",
    "x",
)


def main() -> None:
    stamp = VENDOR / ".built"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        say("front-end assets are up to date")
    else:
        if "--installed" not in sys.argv:
            say("installing front-end packages with npm")
            npm_install()
        say("copying front-end assets into static/vendor")
        copy_assets()
        stamp.write_text(wanted)
    (ROOT / "staticfiles").mkdir(exist_ok=True)  # WhiteNoise warns at every start when it is not there
    compile_translations()


def fingerprint() -> str:
    """Changes when a front-end package or the list of icons does."""
    parts = [(ROOT / "package-lock.json").read_bytes(), json.dumps(ICONS).encode(), Path(__file__).read_bytes()]
    parts += [str(package_file(*name).stat().st_size).encode() for name in PYTHON_ASSETS]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


PYTHON_ASSETS = {
    ("plotly", "package_data/plotly.min.js"): "plotly.min.js",
    ("django_htmx", "static/django_htmx/htmx-2.min.js"): "htmx.min.js",
}
NPM_ASSETS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
}


def package_file(package: str, name: str) -> Path:
    return Path(str(importlib.resources.files(package) / name))


def npm_install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found. Install Node.js 20 or later (it brings npm), then run this again.")
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - a fixed command


def copy_assets() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "icons").mkdir(parents=True)
    modules = ROOT / "node_modules"
    for source, target in NPM_ASSETS.items():
        copy_script(modules / source, VENDOR / target)
    for (package, name), target in PYTHON_ASSETS.items():
        copy_script(package_file(package, name), VENDOR / target)
    for icon in ICONS:
        shutil.copyfile(modules / "@tabler/icons/icons/outline" / f"{icon}.svg", VENDOR / "icons" / f"{icon}.svg")


def copy_script(source: Path, target: Path) -> None:
    """Copy a text file without the line that names its source map, which is not shipped."""
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(("//# sourceMappingURL", "/*# sourceMappingURL"))]
    target.write_text("".join(kept), encoding="utf-8")


def compile_translations() -> None:
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file)
        with target.open("wb") as out:
            write_mo(out, catalog)
        say(f"compiled {source.relative_to(ROOT)}")


def say(text: str) -> None:
    sys.stderr.write(f"assets: {text}\n")


if __name__ == "__main__":
    main()
