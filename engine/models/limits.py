"""How large a model may be before the engine refuses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a graph may ask for. Every number is inclusive.

    `max_parameters` counts the weights of one layer and also those of the whole model. `max_dimension` is the largest
    size of one dimension of a tensor (what a 32-bit index reaches). `max_depth` is how deeply graphs may be nested.
    `max_export_bytes` is the memory that the parameters of an exported model may take. `max_drawn_nodes` is how many
    nodes a drawing may have. `max_cached_calls` is how many calls of layers a checker remembers.

    Of a file that is imported, `max_config_bytes` and `max_config_depth` say how large and how deeply nested the JSON
    of its config may be, `max_archive_members` and `max_archive_bytes` how many files an archive may hold and how large
    they may be together, and `max_compression` how many times larger than in the archive.
    """

    max_parameters: int = 10**10
    max_dimension: int = 2**31 - 1
    max_depth: int = 8
    max_export_bytes: int = 4 * 2**30
    max_drawn_nodes: int = 1_000
    max_cached_calls: int = 50_000
    max_config_bytes: int = 64 * 2**20
    max_config_depth: int = 200
    max_archive_members: int = 1_000
    max_archive_bytes: int = 8 * 2**30
    max_compression: int = 100


DEFAULT_LIMITS = Limits()
