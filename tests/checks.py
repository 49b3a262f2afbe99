"""`make check`: every check on the code, one line each; all run, whatever fails first.

Run as `python -m tests.checks`. Nothing is changed. Throw-away engines serve the checks that read
the settings or compare migrations with a database.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.engines_plugin import throw_away_engines

PYTHON = sys.executable
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
CHECKS = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "."],
    "imports": [PYTHON, "-c", LINT_IMPORTS],
    "settings": [PYTHON, "manage.py", "check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "pytest", "tests/test_translations.py"],
    "vendored files": [PYTHON, "vendor/vendor.py", "--check"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
}


def main() -> int:
    """Run every check and return 1 if one failed."""
    with throw_away_engines():
        failed = [name for name, complaint in run_all(CHECKS) if report(name, complaint)]
    if failed:
        sys.stdout.write(f"\nmake check: {len(failed)} of {len(CHECKS)} failed\n")
    return 1 if failed else 0


def run_all(checks: dict[str, list[str]]) -> Iterator[tuple[str, str | None]]:
    """Yield each check's name with what it complains of, None where it is content."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from zip(checks, pool.map(complaint_of, checks.values()), strict=True)


def complaint_of(command: list[str]) -> str | None:
    """Run one check; return its output if it failed."""
    answer = subprocess.run(
        command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, errors="replace"
    )
    if answer.returncode == 0:
        return None
    return (answer.stdout + answer.stderr).strip() or f"exit {answer.returncode}"


def report(name: str, complaint: str | None) -> bool:
    """Write one check's line, and under it what is wrong; tell whether it failed."""
    sys.stdout.write(f"{'ok  ' if complaint is None else 'FAIL'} {name}\n")
    if complaint is not None:
        sys.stdout.write("".join(f"     {line}\n" for line in complaint.splitlines()))
    sys.stdout.flush()
    return complaint is not None


if __name__ == "__main__":
    sys.exit(main())
