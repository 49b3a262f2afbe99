"""A throw-away installation to measure on, and where the figures are kept."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm.embedded import provide

ROOT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def installation(*, durable: bool = True) -> Iterator[None]:
    """Engines and empty tables, with Django set up; all of it is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="genjin-bench-"))
    folder.chmod(0o711)  # PostgreSQL's own account passes through when we are root
    try:
        with provide(folder / "var", durable=durable, settings_file=None):
            os.environ.update(DEBUG="false", DJANGO_SETTINGS_MODULE="crm.settings")
            migrate = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(migrate, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            import django

            django.setup()
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(name: str, figures: dict[str, Any]) -> None:
    """Write the figures to var/bench/<name>.json."""
    kept = ROOT / "var" / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
