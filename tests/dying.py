"""A process of its own that works on the test's database and dies on its way (`kill -9`)."""

import os
import signal
import subprocess
import sys

from django.db import connection


def die(script: str) -> None:
    """Run the script in a fresh interpreter, and see that it died by its own hand."""
    name = connection.settings_dict["NAME"]
    before, _, query = os.environ["DATABASE_URL"].partition("?")
    url = before.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    dead = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DATABASE_URL": url},
        timeout=60,
        check=False,
    )
    assert dead.returncode == -signal.SIGKILL
