"""Write the generated pages of ``docs/``."""

from typing import Any

from assessments.common.command import GovernCommand
from govern_app.documentation import pages


class Command(GovernCommand):
    help = "Write the generated pages of docs/: settings, checks and commands."

    def uses_database(self, **options: Any) -> bool:
        return False

    def run(self, **options: Any) -> dict[str, Any]:
        written = []
        for path, text in pages().items():
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
                written.append(path.name)
        return {"written": written}
