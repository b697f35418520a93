"""Which names own data sets have."""

import re

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
RESERVED = frozenset({"inspect", "jobs"})
"""These are words of the API, at the place where names stand."""
