"""What must be done before the web can answer: `python -m crm.prepare`, one process for all of it.

Migrations, the demonstration data of an empty database, and the collected static files. Each is
asked for every time and does nothing where nothing is to be done, so a second start takes seconds.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Bring the database and the static files up to date; print the demonstration's logins."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if _has_migrations_to_run():
        sys.stdout.write("Preparing the database (the first time takes some minutes)...\n")
        sys.stdout.flush()
        call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    logins = io.StringIO()
    call_command("demo", customers=settings.DEMO_CUSTOMERS, if_empty=True, stdout=logins)
    if logins.getvalue():
        Path(sys.argv[1]).write_text(logins.getvalue())


def _has_migrations_to_run() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Collect the static files if any has changed since they were; tell whether that was so."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return True


def static_fingerprint() -> str:
    """Return a text that changes with the name, size or time of any static file."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            seen.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


if __name__ == "__main__":
    main()
