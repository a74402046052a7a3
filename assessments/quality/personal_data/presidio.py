"""Presidio's pattern recognisers, to compare with: an extra, loaded only when asked for, and kept off the network."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.personal_data.span import Span, apart

THRESHOLD = 0.3


def presidio_spans(threshold: float = THRESHOLD) -> Callable[[Sequence[str]], list[list[Span]]]:
    """A finder with Presidio's own names of types; raises GovernError where the extra is not installed."""
    try:
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NoOpNlpEngine
    except ImportError as error:
        raise GovernError(
            _("Presidio is not installed."), hint=_("Install the extra: pip install 'govern[presidio]'.")
        ) from error
    # It would fetch the list of public suffixes from the web at its first use; a copy comes with the package.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine: Any = AnalyzerEngine(
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}]), supported_languages=["en"]
    )

    def find(texts: Sequence[str]) -> list[list[Span]]:
        return [
            apart(
                Span(one.start, one.end, one.entity_type, one.score)
                for one in engine.analyze(text, language="en", score_threshold=threshold)
            )
            for text in texts
        ]

    return find
