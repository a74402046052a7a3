"""Product titles with planted second descriptions of the same product: the truth is known."""

import random

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def planted(count: int, *, dirty_share: float = 0.1, seed: int = 3) -> tuple[list[str], list[int]]:
    """``count`` titles and beside a share of them a second one with typing errors, other word order or case.

    The second list says which product each title describes.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    words = ["".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in range(max(500, count // 20))]
    titles, products = [], []
    for product in range(count):
        title = " ".join([*chance.choices(words, k=chance.randint(4, 7)), str(chance.randint(1, 9_999))])
        titles.append(title)
        products.append(product)
        if chance.random() < dirty_share:
            titles.append(_described_again(title, chance))
            products.append(product)
    order = list(range(len(titles)))
    chance.shuffle(order)
    return [titles[i] for i in order], [products[i] for i in order]


def _described_again(title: str, chance: random.Random) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return title.upper() + "!"
    if kind == 1:
        return _mistyped(title, chance)
    words = title.split()
    chance.shuffle(words)
    return " ".join(words) if kind == 2 else _mistyped(" ".join(words), chance)


def _mistyped(title: str, chance: random.Random) -> str:
    """One letter too much, too few or another; digits and blanks stay."""
    at = chance.choice([i for i, letter in enumerate(title) if letter.isalpha()])
    return (
        title[:at] + chance.choice(["", chance.choice(LETTERS), title[at] + chance.choice(LETTERS)]) + title[at + 1 :]
    )


def pairs_of(clusters: list[int]) -> set[tuple[int, int]]:
    """The pairs of positions with the same number."""
    members: dict[int, list[int]] = {}
    for position, number in enumerate(clusters):
        members.setdefault(number, []).append(position)
    return {(a, b) for group in members.values() for k, a in enumerate(group) for b in group[k + 1 :]}
