"""Records that describe one thing though they are not written alike. Pure: knows no Django and no database.

``clusters(texts, threshold)`` gives each text the number of its cluster; ``cluster`` says also how much was compared.
"""

from assessments.quality.near_duplicates.clusters import Clustering, cluster, clusters
from assessments.quality.near_duplicates.similarity import SIMILARITIES

__all__ = ["SIMILARITIES", "Clustering", "cluster", "clusters"]
