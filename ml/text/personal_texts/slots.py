"""The names that stand in braces in a template, and what fills each."""

from collections.abc import Callable

from ml.text.personal_texts import numbers, organisations, people, places, things
from ml.text.personal_texts.world import Piece, World


def _one(make: Callable[[World], str], entity: str | None) -> Callable[[World], list[Piece]]:
    return lambda world: [(make(world), entity)]


SLOTS: dict[str, Callable[[World], list[Piece]]] = {
    "person": people.person,
    "full": people.full_name,
    "first": _one(people.first_name, "PERSON"),
    "last": _one(people.last_name, "PERSON"),
    "titled": people.titled,
    "honorific": _one(people.honorific, "TITLE"),
    "job": people.trade,
    "position": _one(people.position, "TITLE"),
    "age": _one(people.age, "AGE"),
    "nrp": _one(people.people, "NRP"),
    "nrps": _one(people.peoples, "NRP"),
    "org": _one(organisations.organisation, "ORGANIZATION"),
    "city": _one(places.city, "GPE"),
    "country": _one(places.country, "GPE"),
    "state": _one(places.state, "GPE"),
    "place": _one(places.place, "GPE"),
    "street": _one(places.street, "STREET_ADDRESS"),
    "unit": _one(places.unit, "STREET_ADDRESS"),
    "address": places.address,
    "lines": places.lines,
    "zip": _one(places.postcode, "ZIP_CODE"),
    "zipcity": places.place_with_code,
    "phone": _one(numbers.phone, "PHONE_NUMBER"),
    "card": _one(numbers.card, "CREDIT_CARD"),
    "iban": _one(numbers.iban, "IBAN_CODE"),
    "ssn": _one(numbers.ssn, "US_SSN"),
    "licence": _one(numbers.licence, "US_DRIVER_LICENSE"),
    "ip": _one(numbers.ip, "IP_ADDRESS"),
    "url": _one(numbers.domain, "DOMAIN_NAME"),
    "email": _one(numbers.email, "EMAIL_ADDRESS"),
    "workmail": _one(numbers.company_mail, "EMAIL_ADDRESS"),
    "date": _one(numbers.date, "DATE_TIME"),
    "birthday": _one(numbers.birthday, "DATE_TIME"),
    "year": _one(numbers.year, "DATE_TIME"),
    "weekday": _one(numbers.weekday, "DATE_TIME"),
    "numbered": places.numbered,
    "product": _one(things.product, None),
    "worker": _one(people.worker, None),
    "words": _one(things.words, None),
    "Words": _one(things.words_at_start, None),
    "language": _one(things.language, None),
    "reason": _one(things.reason, None),
    "price": _one(things.price, None),
    "code": _one(things.code, None),
    "order": _one(things.order, None),
    "sku": _one(things.sku, None),
    "ean": _one(things.ean, None),
    "epoch": _one(things.epoch, None),
    "count": _one(things.count, None),
    "small": _one(things.small, None),
    "clock": _one(things.clock, None),
    "version": _one(things.version, None),
    "stamp": _one(things.stamp, None),
}
