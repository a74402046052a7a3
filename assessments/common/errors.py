"""The one exception for failures that a person can mend."""


class GovernError(Exception):
    """An expected failure: says what went wrong, where, and how to mend it.

    ``message`` is for people. ``where`` names the column, rule, row or file; ``hint`` the way to mend it. Views
    show it, the API returns it as problem details, commands print it and exit with 1, and a job keeps it as its
    error without a trace.
    """

    status = 400

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message, self.where, self.hint = str(message), str(where), str(hint)
        super().__init__(" ".join(part for part in (self.message, self.hint) if part))


class NotFoundError(GovernError):
    """Something that is not there, or belongs to another organisation."""

    status = 404


class ConflictError(GovernError):
    """The thing was changed or finished by someone else meanwhile."""

    status = 409


class ForbiddenError(GovernError):
    """The person's role does not allow it."""

    status = 403


class CancelledError(GovernError):
    """The person asked the work to stop."""
