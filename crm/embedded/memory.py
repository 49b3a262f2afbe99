"""How much memory an embedded server may keep its data in."""

from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024
# What PostgreSQL takes by itself; more than the most it gains little from.
LEAST, MOST = 128 * MEGABYTE, 4096 * MEGABYTE
# An eighth: web, workers and the system's own cache share the machine.
SHARE = 8
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def usable_memory() -> int:
    """Bytes of this machine, or of the container that holds us where that is less."""
    found = [psutil.virtual_memory().total]
    for file in LIMITS:
        try:
            found.append(int(file.read_text()))
        except (OSError, ValueError):  # no such limit, or "max"
            continue
    return min(found)


def shared_buffers() -> str:
    """PostgreSQL's `shared_buffers`: an eighth of the memory, within bounds."""
    share = min(max(usable_memory() // SHARE, LEAST), MOST)
    return f"{share // MEGABYTE}MB"
