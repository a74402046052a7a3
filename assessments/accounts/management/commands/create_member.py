"""create_member: let somebody sign in to an organisation."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from assessments.accounts.roles import Role
from assessments.accounts.selectors import organisation_by_slug
from assessments.accounts.services import member_create
from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError


class Command(GovernCommand):
    help = "Give a person a role in an organisation; a person who is new also gets a password."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("--role", required=True, choices=Role.values, help="what the person may do")
        parser.add_argument("--organisation", metavar="SLUG", help="needed when there are several")
        parser.add_argument("--email", default="", help="e-mail address of a new person")
        parser.add_argument(
            "--password-env",
            metavar="VARIABLE",
            help="the environment variable that holds the password; asked for by default, and never an argument, "
            "because other people on the machine can read those",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        membership = member_create(
            organisation=organisation_by_slug(options["organisation"]),
            username=options["username"],
            role=Role(options["role"]),
            email=options["email"],
            ask_password=lambda: asked_password(options["password_env"]),
        )
        return {
            "username": membership.user.username,
            "organisation": membership.organisation.slug,
            "role": membership.role,
        }


def asked_password(variable: str | None) -> str:
    if variable is None:
        return getpass("Password: ")
    password = os.environ.get(variable, "")
    if not password:
        raise GovernError(
            f"The environment variable {variable} is not set.", hint=f"Set it, as in: {variable}=… python manage.py …"
        )
    return password
