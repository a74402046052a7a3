"""Numbers in Chinese as software shows them: 13,222. Django's own format groups nothing."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
