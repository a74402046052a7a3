"""A generated shop with tastes that a recommender can learn: demonstration data and test oracle.

A shopper's liking for an item is the sum of a liking for its category, the match of shopper's and item's style, the
distance of the item's price from the shopper's budget, the item's popularity and the category's season. What is viewed
in a session is drawn by that liking (Gumbel perturbation, so that views follow a softmax over the catalogue), what is
bought by how much better an item is liked than the rest of its session. ``ml.data.defects`` then plants known defects.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ml.data.vocabulary import AGE_BANDS, BLAME, BRANDS, CATEGORIES, COUNTRIES, NEUTRAL, PRAISE, STYLES
from ml.errors import DataError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STYLE_DIMENSIONS = 6
SESSION_BLOCK = 4096
DAY = 86_400


@dataclass(frozen=True)
class Size:
    """How large the shop is; ``sessions`` is the mean number of visits of a shopper over all ``days``."""

    users: int = 2000
    items: int = 600
    days: int = 365
    sessions: float = 16.0

    def __post_init__(self) -> None:
        if min(self.users, self.items, self.days) < 1 or self.sessions <= 0:
            raise DataError("A shop needs at least one user, one item, one day and some sessions.")


@dataclass(frozen=True)
class Shop:
    """The tables of a shop by dataset name, and what each shopper likes.

    ``liking`` has the shape (users, items): the part of the utility that does not depend on time, in logits; it is the
    best that any recommender could know.
    """

    tables: dict[str, pa.Table]
    liking: Floats


@dataclass(frozen=True)
class _World:
    size: Size
    start: datetime
    category: Integers
    good: Integers
    brand: Integers
    style: Integers
    price: Floats
    chinese: npt.NDArray[np.bool_]
    country: npt.NDArray[np.str_]
    age: Integers
    liking: Floats


def generate_shop(*, seed: int, end: datetime, size: Size | None = None) -> Shop:
    """The shop whose last day ends at ``end``: the same arguments give the same tables, value for value."""
    size = size or Size()
    rng = np.random.default_rng(seed)
    world = _make_world(rng, size, end - timedelta(days=size.days))
    events = _make_events(rng, world)
    tables = {
        "items": _item_table(world),
        "users": _user_table(rng, world),
        "events": _event_table(world, events),
        "orders": _order_table(rng, world, events),
        "searches": _search_table(rng, world, events),
        "reviews": _review_table(rng, world, events),
    }
    return Shop(tables, world.liking)


def _make_world(rng: np.random.Generator, size: Size, start: datetime) -> _World:
    category = rng.integers(len(CATEGORIES), size=size.items)
    middle = np.array([c.price for c in CATEGORIES])[category]
    price = np.round(middle * np.exp(rng.normal(0, 0.45, size.items)), 2)
    taste = np.log(rng.dirichlet(np.full(len(CATEGORIES), 0.5), size.users) + 1e-3)
    user_style = rng.normal(size=(size.users, STYLE_DIMENSIONS))
    item_style = rng.normal(size=(size.items, STYLE_DIMENSIONS)) / np.sqrt(STYLE_DIMENSIONS)
    budget = rng.normal(0, 0.5, size.users)
    dearness = np.log(price / middle)
    popularity = rng.gumbel(0, 0.4, size.items)
    liking = (
        taste[:, category]
        + 1.1 * user_style @ item_style.T
        - 0.9 * np.abs(dearness[None, :] - budget[:, None])
        + popularity[None, :]
    )
    names, shares = zip(*COUNTRIES, strict=True)
    country = rng.choice(names, size=size.users, p=np.array(shares) / sum(shares))
    return _World(
        size=size,
        start=start,
        category=category,
        good=rng.integers(4, size=size.items),
        brand=rng.integers(len(BRANDS), size=size.items),
        style=np.argmax(item_style, axis=1) + rng.integers(2, size=size.items) * 4,
        price=price,
        chinese=(country == "CN") | ((country == "SG") & (rng.random(size.users) < 0.4)),
        country=country,
        age=rng.choice(len(AGE_BANDS), size=size.users, p=[0.16, 0.3, 0.24, 0.15, 0.1, 0.05]),
        liking=liking,
    )


@dataclass(frozen=True)
class _Events:
    """One row an event, in time order; ``step`` is 0 for a view, 1 for a cart, 2 for a purchase."""

    user: Integers
    item: Integers
    step: Integers
    time: Integers
    session: Integers
    liked: Floats


def _make_events(rng: np.random.Generator, world: _World) -> _Events:
    user, time = _make_sessions(rng, world)
    parts = [
        _session_events(rng, world, user[block], time[block], block) for block in _blocks(len(user), SESSION_BLOCK)
    ]
    merged = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    repeats = _repeat_purchases(rng, world, merged, first_session=len(user))
    columns = [np.concatenate(pair) for pair in zip(merged, repeats, strict=True)]
    order = np.lexsort((columns[2], columns[3]))
    inside = order[columns[3][order] < world.size.days * DAY]
    return _Events(*(column[inside] for column in columns))


def _blocks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def _make_sessions(rng: np.random.Generator, world: _World) -> tuple[Integers, Integers]:
    """Who visits and when (seconds since the first day): more in the evening, at weekends and before the year's end."""
    size = world.size
    activity = rng.lognormal(-0.32, 0.8, size.users)
    user = np.repeat(np.arange(size.users), rng.poisson(size.sessions * activity))
    days = np.array([world.start + timedelta(days=d) for d in range(size.days)])
    weight = np.array([1.25 if d.weekday() >= 5 else 1.0 for d in days]) * np.array(
        [1.5 if d.month in (11, 12) else 1.0 for d in days]
    )
    day = rng.choice(size.days, size=len(user), p=weight / weight.sum())
    hour = np.clip(rng.normal(19.5, 3.4, len(user)) % 24, 0, 23.99)
    return user, (day * DAY + hour * 3600).astype(np.int64)


def _season(world: _World, time: Integers) -> Floats:
    """Season of each item at each session, in logits: shape (sessions, items)."""
    month = np.array([(world.start + timedelta(seconds=int(t))).month for t in time])
    peak = np.array([c.peak_month for c in CATEGORIES])
    strength = np.array([c.season for c in CATEGORIES])
    by_category = strength * np.cos(2 * np.pi * (month[:, None] - peak[None, :]) / 12)
    seasons: Floats = by_category[:, world.category]
    return seasons


def _session_events(
    rng: np.random.Generator, world: _World, user: Integers, time: Integers, block: slice
) -> tuple[npt.NDArray[Any], ...]:
    utility = world.liking[user] + _season(world, time)
    length = np.minimum(1 + rng.geometric(0.28, len(user)), min(15, world.size.items))
    ranked = np.argsort(-(utility + rng.gumbel(size=utility.shape)), axis=1)[:, : length.max()]
    seen = np.arange(ranked.shape[1])[None, :] < length[:, None]
    row, place = np.nonzero(seen)
    item = ranked[row, place]
    centre = utility.mean(axis=1) + 2.2 * utility.std(axis=1)
    liked = utility[row, item] - centre[row]
    cart = rng.random(len(row)) < 0.45 / (1 + np.exp(-liked))
    bought = cart & (rng.random(len(row)) < 0.62)
    moment = time[row] + place * 45 + rng.integers(5, 40, len(row))
    session = np.arange(block.start, block.stop)[row]
    pick = [np.arange(len(row)), np.nonzero(cart)[0], np.nonzero(bought)[0]]
    chosen = np.concatenate(pick)
    step = np.repeat([0, 1, 2], [len(p) for p in pick])
    later = moment[chosen] + step * 400
    return user[row][chosen], item[chosen], step, later, session[chosen], liked[chosen]


def _repeat_purchases(
    rng: np.random.Generator, world: _World, columns: list[npt.NDArray[Any]], first_session: int
) -> list[npt.NDArray[Any]]:
    """What is used up is bought again three to seven weeks later, in a session of its own."""
    user, item, step, time, _session, liked = columns
    again = np.array([c.repeat for c in CATEGORIES])[world.category[item.astype(np.int64)]]
    chosen = np.nonzero((step == 2) & (rng.random(len(step)) < again))[0]
    later = time[chosen] + rng.integers(21 * DAY, 49 * DAY, len(chosen))
    session = first_session + np.arange(len(chosen))
    return [user[chosen], item[chosen], np.full(len(chosen), 2), later, session, liked[chosen]]


def _names(prefix: str, codes: npt.NDArray[Any], width: int) -> pa.Array:
    return pa.array([f"{prefix}{code:0{width}d}" for code in codes.tolist()])


def _moments(world: _World, seconds: Integers) -> pa.Array:
    start = np.datetime64(world.start.replace(tzinfo=None), "s")
    return pa.array((start + seconds.astype("timedelta64[s]")).astype("datetime64[us]"))


def _item_table(world: _World) -> pa.Table:
    rows = range(world.size.items)
    shelf = [CATEGORIES[c] for c in world.category]
    brand, style = [BRANDS[b] for b in world.brand], [STYLES[s % len(STYLES)] for s in world.style]
    good = [shelf[i].goods[world.good[i]] for i in rows]
    return pa.table(
        {
            "item_id": _names("I", np.arange(world.size.items), 5),
            "title": [f"{brand[i][0]} {style[i][0]} {good[i][0]} {i % 90 + 10}" for i in rows],
            "title_zh": [f"{brand[i][1]}{style[i][1]}{good[i][1]} {i % 90 + 10}" for i in rows],
            "category": [c.name for c in shelf],
            "brand": [b[0] for b in brand],
            "price": world.price,
        }
    )


def _user_table(rng: np.random.Generator, world: _World) -> pa.Table:
    count = world.size.users
    joined = rng.integers(-700, 1, count) * DAY
    return pa.table(
        {
            "user_id": _names("U", np.arange(count), 6),
            "email": [f"shopper{i}@example.{('com', 'net', 'org')[i % 3]}" for i in range(count)],
            "country": pa.array(world.country.tolist()),
            "age_band": [AGE_BANDS[a] for a in world.age],
            "language": ["zh" if chinese else "en" for chinese in world.chinese],
            "joined_at": _moments(world, joined),
        }
    )


def _event_table(world: _World, events: _Events) -> pa.Table:
    return pa.table(
        {
            "event_id": _names("E", np.arange(len(events.user)), 8),
            "session_id": _names("S", events.session, 7),
            "user_id": _names("U", events.user, 6),
            "item_id": _names("I", events.item, 5),
            "event": pa.array(np.array(["view", "cart", "purchase"])[events.step]),
            "time": _moments(world, events.time),
        }
    )


def _order_table(rng: np.random.Generator, world: _World, events: _Events) -> pa.Table:
    """One row an item bought: all purchases of a session are one order."""
    bought = events.step == 2
    user, item, session = events.user[bought], events.item[bought], events.session[bought]
    _, number = np.unique(session, return_inverse=True)
    quantity = 1 + (rng.random(len(item)) < 0.18) * rng.integers(1, 4, len(item))
    discount = np.where(rng.random(len(item)) < 0.2, 0.9, 1.0)
    return pa.table(
        {
            "order_id": _names("", 500_000 + number, 6),
            "user_id": _names("U", user, 6),
            "item_id": _names("I", item, 5),
            "quantity": quantity,
            "unit_price": np.round(world.price[item] * discount, 2),
            "ordered_at": _moments(world, events.time[bought]),
            "country": pa.array(world.country[user].tolist()),
        }
    )


def _search_table(rng: np.random.Generator, world: _World, events: _Events) -> pa.Table:
    """In a third of the sessions the first item viewed was searched for, by its goods, brand or category."""
    views = np.nonzero(events.step == 0)[0]
    _, first = np.unique(events.session[views], return_index=True)
    chosen = np.sort(views[first][rng.random(len(first)) < 0.33])
    wording = rng.choice(3, size=len(chosen), p=[0.6, 0.25, 0.15])
    queries = [
        _query(world, int(u), int(i), w)
        for u, i, w in zip(events.user[chosen], events.item[chosen], wording, strict=True)
    ]
    return pa.table(
        {
            "search_id": _names("Q", np.arange(len(chosen)), 7),
            "session_id": _names("S", events.session[chosen], 7),
            "user_id": _names("U", events.user[chosen], 6),
            "query": queries,
            "clicked_item": _names("I", events.item[chosen], 5),
            "position": np.minimum(rng.geometric(0.35, len(chosen)), 20),
            "time": _moments(world, events.time[chosen] - 20),
        }
    )


def _query(world: _World, user: int, item: int, wording: int) -> str:
    language = int(world.chinese[user])
    shelf = CATEGORIES[world.category[item]]
    good: str = shelf.goods[int(world.good[item])][language]
    if wording == 0:
        return good
    if wording == 1:
        brand: str = BRANDS[int(world.brand[item])][language]
        return f"{brand}{good}" if language else f"{brand} {good}"
    return shelf.name_zh if language else shelf.name


def _review_table(rng: np.random.Generator, world: _World, events: _Events) -> pa.Table:
    """One purchase in eight is reviewed, kindly when the item was liked."""
    reviewed = (events.step == 2) & (rng.random(len(events.step)) < 0.125)
    chosen = np.nonzero(reviewed & (events.time < (world.size.days - 9) * DAY))[0]
    rating = np.clip(np.round(3.6 + 0.9 * events.liked[chosen] + rng.normal(0, 0.8, len(chosen))), 1, 5).astype(int)
    texts = [_review(rng, world, events, int(row), int(stars)) for row, stars in zip(chosen, rating, strict=True)]
    return pa.table(
        {
            "review_id": _names("R", np.arange(len(chosen)), 6),
            "user_id": _names("U", events.user[chosen], 6),
            "item_id": _names("I", events.item[chosen], 5),
            "rating": rating,
            "text": texts,
            "written_at": _moments(world, events.time[chosen] + rng.integers(DAY, 9 * DAY, len(chosen))),
        }
    )


def _review(rng: np.random.Generator, world: _World, events: _Events, row: int, stars: int) -> str:
    language = int(world.chinese[events.user[row]])
    item = int(events.item[row])
    good: str = CATEGORIES[int(world.category[item])].goods[int(world.good[item])][language]
    choices = PRAISE if stars >= 4 else NEUTRAL if stars == 3 else BLAME
    template: str = choices[int(rng.integers(len(choices)))][language]
    return template.format(good=good)
