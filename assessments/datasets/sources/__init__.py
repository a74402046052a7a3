"""Where rows come from: one file per kind of source, found in a registry."""

from assessments.datasets.sources import database as database
from assessments.datasets.sources import objects as objects
from assessments.datasets.sources import path as path
from assessments.datasets.sources import upload as upload
from assessments.datasets.sources import url as url
from assessments.datasets.sources.base import SOURCES, SourceSpec, fetched

__all__ = ["SOURCES", "SourceSpec", "fetched"]
