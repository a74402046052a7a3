"""The one exception of ``ml`` for failures that a person can mend."""


class DataError(Exception):
    """Bad data, a bad option or a damaged file: says what is wrong, where, and how to mend it."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message, self.where, self.hint = str(message), str(where), str(hint)
        super().__init__(" ".join(part for part in (self.message, self.hint) if part))
