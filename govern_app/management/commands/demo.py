"""Generate a shop, assess it for two periods, and serve the result."""

import json
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper

from assessments.accounts.models import Organisation, User
from assessments.common.command import GovernCommand
from assessments.common.progress import Progress, part
from govern_app.demo import steps
from govern_app.demo.shop import Edition, last_midnight, write_editions


class Command(GovernCommand):
    help = "Generate a sample shop, assess it for two periods, and serve the result."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="end after the assessments")
        parser.add_argument("--port", type=int, default=8000, help="port to serve on")
        parser.add_argument("--users", type=int, default=2000, help="shoppers of the generated shop")
        parser.add_argument("--items", type=int, default=600, help="items of the generated shop")

    def run(self, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        self._reported = (started, "")
        organisation = steps.shop_organisation()
        user, password = steps.sign_in(organisation)
        document = self.build(organisation, user, users=options["users"], items=options["items"])
        document |= {"address": f"http://127.0.0.1:{options['port']}", "user": "demo", "password": password}
        document["seconds"] = round(time.monotonic() - started, 1)
        if not options["no_serve"]:
            self.show(document, self.stdout)
            call_command("serve", port=options["port"])
        return document

    def build(self, organisation: Organisation, user: User, *, users: int, items: int) -> dict[str, Any]:
        """Make what is not there yet; a second call finds everything done."""
        folder = settings.HOME / "demo"
        kept = folder / "demo.json"
        if kept.exists():
            self.say("The sample shop is there already.")
            return dict(json.loads(kept.read_text()))
        self.say("Loading the framework and the scoring model")
        call_command("load_frameworks", stdout=self.stderr)
        call_command("load_scoring_models", stdout=self.stderr)
        self.say(f"Generating a shop of {users} shoppers and {items} items")
        document: dict[str, Any] = {"organisation": organisation.slug, "assessments": []}
        for number, edition in enumerate(write_editions(folder, end=self.end(folder), users=users, items=items)):
            if not steps.published(organisation, edition.period):
                document["assessments"].append(self.edition(organisation, user, edition, number))
        kept.write_text(json.dumps(document))
        return document

    def end(self, folder: Any) -> datetime:
        """The day on which the first run was begun, so that a run that was broken off goes on with the same shop."""
        kept = folder / "end"
        if not kept.exists():
            folder.mkdir(parents=True, exist_ok=True)
            kept.write_text(last_midnight().isoformat())
        return datetime.fromisoformat(kept.read_text())

    def edition(self, organisation: Organisation, user: User, edition: Edition, number: int) -> dict[str, Any]:
        progress: Progress = self.progress
        self.say(f"{edition.period}: registering six datasets")
        snapshots = steps.register(organisation, edition, user, part(progress, 0.0, 0.25))
        self.say(f"{edition.period}: searching them for personal data and checking their quality")
        steps.check(organisation, edition, snapshots, user, part(progress, 0.25, 0.4))
        found = steps.defects_found(edition, snapshots)
        exact = sum(rows == failing for _name, rows, failing in found)
        self.say(f"{edition.period}: {exact} of {len(found)} planted defects were counted exactly")
        for name, rows, failing in found:
            if rows != failing:
                self.say(f"  {name}: {rows} rows were planted, {failing} rows fail")
        self.say(f"{edition.period}: training and evaluating recommenders")
        steps.train(organisation, edition, snapshots, user, part(progress, 0.4, 0.9))
        self.say(f"{edition.period}: answering the questionnaire with sample answers")
        steps.answer(organisation, edition, number)
        self.say(f"{edition.period}: computing, publishing and sealing the assessment")
        assessment = steps.assess(organisation, edition, user, part(progress, 0.9, 1.0))
        return {
            "period": edition.period,
            "assessment": assessment.pk,
            "score": assessment.score,
            "low": assessment.low,
            "high": assessment.high,
            "level": assessment.level,
            "seal": assessment.seal,
            "defects": {name: {"planted": rows, "found": failing} for name, rows, failing in found},
        }

    def say(self, text: str) -> None:
        self.stderr.write(f"demo: {text}")

    def progress(self, fraction: float, message: str = "") -> None:
        """Show a change of what is being done, and otherwise a line every two seconds."""
        now, (last, shown) = time.monotonic(), self._reported
        if now - last >= 2 or message != shown:
            self._reported = (now, message)
            super().progress(fraction, message)

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        for entry in document["assessments"]:
            out.write(
                f"{entry['period']}: {entry['score']:.1f} of 100, 90 % interval {entry['low']:.1f} to "
                f"{entry['high']:.1f}, level {entry['level']} of 5, seal {entry['seal'][:12]}…"
            )
        out.write(f"\nGovern: {document['address']}\nSign in as {document['user']} with {document['password']}\n")
