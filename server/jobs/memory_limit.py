"""How much memory a child process may take."""

import resource

import psutil


def limit_memory(memory_bytes: int) -> None:
    """An allocation beyond so many more bytes fails, instead of the whole machine running out of memory."""
    in_use = psutil.Process().memory_info()
    data: int = getattr(in_use, "data", in_use.vms)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = data + memory_bytes
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
