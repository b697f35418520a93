"""Whether the kernel ended processes for lack of memory: it counts them, and says so of each control group."""

import re
from collections.abc import Iterator
from pathlib import Path

CGROUP_ROOT = Path("/sys/fs/cgroup")
PROC = Path("/proc")
_COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


def count_oom_kills(cgroup_root: Path = CGROUP_ROOT, proc: Path = PROC) -> int | None:
    """How many processes of this control group it has ended so far; None where nobody says.

    Our children are in our group. Where that does not count, as the outermost one does not, it is those of the whole
    machine.
    """
    for file in [*_list_group_files(cgroup_root, proc), proc / "vmstat"]:
        try:
            found = _COUNT.search(file.read_text())
        except OSError:
            continue
        if found is not None:
            return int(found[1])
    return None


def _list_group_files(root: Path, proc: Path) -> Iterator[Path]:
    """Where the count may stand: by the group's path, or, inside a container, right at the root that it sees."""
    try:
        lines = (proc / "self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        # Such as `4:memory:/user.slice`, or `0::/user.slice` in the second version of the interface.
        _number, controllers, path = line.split(":", 2)
        inner = path.strip("/")
        if not controllers:
            yield from (root / inner / "memory.events", root / "memory.events")
        elif "memory" in controllers.split(","):
            yield from (root / "memory" / inner / "memory.oom_control", root / "memory/memory.oom_control")
