"""The secret key of a development set-up, made once and kept in GOVERN_HOME."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def development_secret(home: Path) -> str:
    """Return the key in ``home``, making it readable by its owner alone when it is not there yet."""
    path = home / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=home) as file:
            file.write(f"development-{secrets.token_urlsafe(50)}")
            file.flush()
            # A link appears whole or not at all, so two processes that start together agree on one key.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()
