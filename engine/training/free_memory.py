"""How much memory a process may still take. Imports no Keras: worker and server ask it."""

import resource
from pathlib import Path

import psutil

CGROUPS = (
    (Path("/sys/fs/cgroup"), "memory.max", "memory.current", "file"),
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache"),
)
"""Where Linux says what a container may take and has taken, and what of that is only remembered files."""


def measure_free_memory() -> int:
    """What this process may still take, in bytes: of its own limit, of its container's, or of the machine."""
    free = [int(psutil.virtual_memory().available), _read_container()]
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    if limit != resource.RLIM_INFINITY:
        in_use = psutil.Process().memory_info()
        free.append(limit - getattr(in_use, "data", in_use.vms))
    return max(0, min(one for one in free if one is not None))


def _read_container() -> int | None:
    """What is left of the limit that a container has; None where there is none."""
    for folder, limit_name, usage_name, files_name in CGROUPS:
        try:
            limit, used = (int((folder / name).read_text()) for name in (limit_name, usage_name))
            statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
            return limit - used + int(statistics.get(files_name, 0))
        except (OSError, ValueError):  # another version of Linux's interface, or no number but `max`
            continue
    return None
