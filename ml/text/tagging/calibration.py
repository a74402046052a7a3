"""The score below which spans of an entity are dropped, found on labelled texts that training never saw."""

from collections.abc import Sequence

from ml.evaluation.spans import Span, match_spans

GRID = tuple(round(0.3 + 0.05 * step, 2) for step in range(13))  # 0.30 to 0.90
USUAL = 0.7  # made texts are easier than others: what is doubtful here is oftener wrong there
FEWEST = 30  # labelled spans; below them the usual threshold is kept


def calibrate(
    truth: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], entities: Sequence[str]
) -> dict[str, float]:
    """Per entity the threshold of the best F1; of several within two thousandths of it, that nearest to the usual."""
    scored: dict[str, list[tuple[float, bool]]] = {entity: [] for entity in entities}
    labelled = dict.fromkeys(entities, 0)
    for true_spans, found_spans in zip(truth, found, strict=True):
        hits = {answer for _, answer in match_spans(true_spans, found_spans)}
        for span in true_spans:
            labelled[span.entity] += 1
        for place, span in enumerate(found_spans):
            scored[span.entity].append((span.score, place in hits))
    return {entity: _best(scored[entity], labelled[entity]) for entity in entities}


def _best(scored: Sequence[tuple[float, bool]], labelled: int) -> float:
    if labelled < FEWEST:
        return USUAL
    figures = {threshold: _f1(scored, labelled, threshold) for threshold in GRID}
    enough = max(figures.values()) - 0.002
    return min((each for each in GRID if figures[each] >= enough), key=lambda each: abs(each - USUAL))


def _f1(scored: Sequence[tuple[float, bool]], labelled: int, threshold: float) -> float:
    kept = [hit for score, hit in scored if score >= threshold]
    return 2 * sum(kept) / (len(kept) + labelled)
