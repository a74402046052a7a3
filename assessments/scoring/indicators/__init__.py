"""Indicators: each turns evidence of one kind into a measure. A new one is one more function in a file here."""

from assessments.scoring.indicators import data, maturity, recommender, upkeep
from assessments.scoring.indicators.registry import indicator_get, indicator_names

__all__ = ["data", "indicator_get", "indicator_names", "maturity", "recommender", "upkeep"]
