"""One migrated database for all processes of a run: made while they collect, copied by each.

Each of them migrating for itself took 16 s of a processor. The plugin starts
`python -m tests.made_once` beside them; a file that it holds locked says until when it works.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "genjin_made_once"
# The file that the maker holds locked, and in which it says at last that it is done.
WHERE = "GENJIN_TESTS_MADE_ONCE"
DONE = "done"
MAKER = [sys.executable, "-m", "tests.made_once"]


@contextmanager
def being_made(file: Path) -> Iterator[subprocess.Popen]:
    """Make it in a process beside this one, which is over at the latest when this one is."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # until the last who holds the file has closed it
        maker = subprocess.Popen(
            [*MAKER, str(file)],
            cwd=Path(__file__).parents[1],
            pass_fds=[held.fileno()],
            stdout=subprocess.DEVNULL,
        )
    before = os.environ.get(WHERE)
    os.environ[WHERE] = str(file)
    try:
        yield maker
    finally:
        os.environ.pop(WHERE) if before is None else os.environ.update({WHERE: before})
        maker.kill()
        maker.wait()


def template() -> str | None:
    """The name of the database to copy, once it is there; None where nobody has made one."""
    if WHERE not in os.environ:
        return None
    with open(os.environ[WHERE]) as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        return NAME if held.read() == DONE else None


def make(file: Path) -> None:
    """Migrate an empty database, and say that it is done."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    file.write_text(DONE)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
