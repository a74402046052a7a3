"""The places that the operator names in settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from assessments.common.named import named_places

SCHEMES = ("postgresql", "spark")


def test_places_are_read_with_who_may_use_them() -> None:
    places = named_places(
        "shop=postgresql://reader:p%40ss@db:5432/shop?sslmode=require#organisations=harbour,other&schemas=public\n"
        "lake=spark://local[2]?files=/lake",
        setting="GOVERN_CONNECTIONS",
        schemes=SCHEMES,
    )
    shop, lake = places["shop"], places["lake"]
    assert shop.address == "postgresql://reader:p%40ss@db:5432/shop?sslmode=require"
    assert (shop.serves("harbour"), shop.serves("third"), lake.serves("third")) == (True, False, True)
    assert (shop.schemas, lake.address) == ({"public"}, "spark://local[2]?files=/lake")
    assert "p%40ss" not in repr(places), "no page of settings may show it"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("postgresql://u:secret@h/d", "is not name=address"),
        ("Shop=postgresql://u:secret@h/d", "is not name=address"),
        ("a=postgresql://u:secret@h/d a=postgresql://u:secret@h/d", "repeats the name a"),
        ("a=mysql://u:secret@h/d", "does not begin with"),
        ("a=postgresql://u:secret@h/d#organisation=x", "behind its #"),
        ("a=postgresql://u:sec#secret@h/d", "write a # in a password as %23"),
    ],
)
def test_a_place_written_wrongly_stops_the_start_and_is_not_quoted(text: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        named_places(text, setting="GOVERN_CONNECTIONS", schemes=SCHEMES)
    assert reason in str(raised.value)
    assert "secret" not in str(raised.value)
