"""What is a regular expression of RE2, which is matched in time linear in the text, whatever the expression is."""

from functools import lru_cache

import duckdb
from django.utils.translation import gettext as _

LONGEST = 2_000


@lru_cache(maxsize=1024)
def regex_problem(regex: str) -> str:
    """Why RE2 refuses the expression, empty when it does not."""
    if len(regex) > LONGEST:
        return _("it is longer than %(length)d characters") % {"length": LONGEST}
    with duckdb.connect(config={"threads": 1, "memory_limit": "64MiB"}) as connection:
        try:
            connection.execute("SELECT regexp_matches('', ?, 's')", [regex])
        except duckdb.Error as error:
            return str(error).split(": ", 1)[-1].strip().rstrip(".")
        except UnicodeError:
            return _("it holds a character that no database takes")
    return ""
