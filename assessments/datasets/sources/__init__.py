"""Where rows come from: one file per kind of source, found in a registry."""

from assessments.datasets.sources import path, upload, url
from assessments.datasets.sources.base import SOURCES, SourceSpec, fetched

__all__ = ["SOURCES", "SourceSpec", "fetched", "path", "upload", "url"]
