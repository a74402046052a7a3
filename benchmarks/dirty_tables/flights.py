"""Several web sites report the times of the same flights: each is wrong, late or silent in its own way."""

from random import Random

from benchmarks.dirty_tables.planting import Pair, Planter, becomes, typo

TIMES = ("scheduled_departure", "actual_departure", "scheduled_arrival", "actual_arrival")


def make(rows: int, seed: int) -> Pair:
    rng = Random(seed)  # noqa: S311  tables, not secrets
    sites = [f"site{number:02d}" for number in range(18)]
    trust = {site: rng.choice((0.97, 0.9, 0.75, 0.5, 0.35)) for site in sites}
    flights = [
        (f"{rng.choice(('AA', 'UA', 'CO'))}-{rng.randrange(100, 4000)}-{at}", _day(rng)) for at in range(rows // 15)
    ]
    clean: dict[str, list[str | None]] = {"row": [], "source": [], "flight": [], **{name: [] for name in TIMES}}
    told: list[dict[str, int]] = []
    for flight, times in flights:
        for site in rng.sample(sites, 15):
            clean["row"].append(str(len(told) + 1))
            clean["source"].append(site)
            clean["flight"].append(flight)
            told.append({})
            for name, minutes in zip(TIMES, times, strict=True):
                clean[name].append(written(minutes))
                if rng.random() > trust[site]:
                    told[-1][name] = minutes + rng.choice((-12, -5, -3, 2, 4, 7, 15, 60))
    planter = Planter(clean, rng)
    _copied(clean, told, rng)
    for name in TIMES:
        for row, wrong in enumerate(told):
            if name in wrong:
                planter.put("disagrees", name, row, written(wrong[name]))
        planter.spoil("missing", name, 0.05, becomes(None))
        planter.spoil("marker", name, 0.01, becomes("Not Available", "--"))
        planter.spoil("time format", name, 0.04, _other_time)
        planter.spoil("dated", name, 0.03, lambda value, _rng: f"12/02/2011 {value}")
    planter.spoil("typo", "source", 0.005, typo)
    return planter.pair


def _copied(clean: dict[str, list[str | None]], told: list[dict[str, int]], rng: Random) -> None:
    """Five sites copy what one of them says, right or wrong."""
    copies: dict[str | None, list[int]] = {}
    for row, (site, flight) in enumerate(zip(clean["source"], clean["flight"], strict=True)):
        if site in {"site00", "site01", "site02", "site03", "site04"}:
            copies.setdefault(flight, []).append(row)
    for rows in copies.values():
        if rng.random() < 0.5:
            for row in rows:
                told[row] = dict(told[rows[0]])


def _day(rng: Random) -> list[int]:
    leaves, late, flies = rng.randrange(330, 1100), rng.choice((-4, 0, 3, 9, 22, 51)), rng.randrange(60, 280)
    return [leaves, leaves + late, leaves + flies, leaves + flies + late + rng.randrange(-9, 9)]


def written(minutes: int) -> str:
    hour, minute = divmod(minutes % 1440, 60)
    return f"{hour % 12 or 12}:{minute:02d} {'a' if hour < 12 else 'p'}.m."


def _other_time(value: str, rng: Random) -> str:
    clock, half = value.split()
    hour, minute = map(int, clock.split(":"))
    late = half == "p.m."
    full = hour % 12 + 12 * late
    return rng.choice(
        (f"{full:02d}:{minute:02d}", f"{hour}:{minute:02d}{'PM' if late else 'AM'}", f"{hour}:{minute:02d}{half[0]}")
    )
