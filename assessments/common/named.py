"""Databases, clusters and object stores that the operator named: ``name=address``, parted by spaces or line ends.

What stands behind ``#`` in an address is Govern's own and is never sent anywhere: ``organisations`` (short names) and
``schemas`` that may use it, each a list with commas; without it, all may.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from django.core.exceptions import ImproperlyConfigured

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
OWN = frozenset({"organisations", "schemas"})


@dataclass(frozen=True)
class Named:
    """One named place. The address holds a password, so nothing ever shows it: not a repr, not a debug page."""

    name: str
    scheme: str
    address: str = field(repr=False)
    organisations: frozenset[str] = frozenset()
    schemas: frozenset[str] = frozenset()

    def serves(self, organisation: str) -> bool:
        """Whether the organisation of this short name may use it."""
        return not self.organisations or organisation in self.organisations


def named_places(text: str, *, setting: str, schemes: Collection[str]) -> dict[str, Named]:
    """The places by name; raises ImproperlyConfigured, which quotes no address, when one is not written rightly."""
    places: dict[str, Named] = {}
    for number, entry in enumerate(text.split(), start=1):
        name, equals, address = entry.partition("=")
        problem = ""
        if not equals or not NAME.fullmatch(name):
            problem = "is not name=address; a name has lower-case letters, digits, - and _"
        elif name in places:
            problem = f"repeats the name {name}"
        else:
            scheme, found, _rest = address.partition("://")
            if not found or scheme not in schemes:
                problem = f"({name}) does not begin with {' or '.join(f'{one}://' for one in schemes)}"
        if not problem:
            address, _hash, own = address.partition("#")
            limits = {key: frozenset(",".join(values).split(",")) for key, values in parse_qs(own).items()}
            if set(limits) - OWN:
                problem = f"({name}) says something else than {' and '.join(sorted(OWN))} behind its #"
            elif own and not limits:
                problem = f"({name}) has a # and nothing readable behind it; write a # in a password as %23"
        if problem:
            raise ImproperlyConfigured(f"{setting}: entry {number} {problem}.")
        places[name] = Named(name, scheme, address, **limits)
    return places
