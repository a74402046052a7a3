"""A place as the engine drives it: each expression is rewritten for the place before it is asked."""

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from assessments.datasets.sources.places import Place


class PlaceDriver:
    """See ``Driver`` of the engine."""

    def __init__(self, place: Place, rewrite: Callable[[Any], Any]) -> None:
        self.place, self.rewrite = place, rewrite
        self.refusals: tuple[type[Exception], ...] = place.refusals

    def compile(self, expression: Any) -> str:
        return self.place.compile(self.rewrite(expression))

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        return self.place.fetch(self.rewrite(expression))

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        return self.place.stream(self.rewrite(expression), rows)

    def cancel(self) -> None:
        self.place.cancel()

    def share_done(self) -> float:
        return self.place.share_done()
