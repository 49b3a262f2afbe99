"""`python -m bench.engine`: the engine of follow-up beside the least SQL that writes its rows.

1. A throw-away PostgreSQL with SCALE customers brought in yesterday (`bench.world`).
2. The first round over everybody, several times, each on a fresh copy; the floor in turn.
3. Day after day on the last two copies: a day's round, and asked again with nothing due.
4. Both wrote the same rows, or there is no figure.
"""

import sys
from typing import Any

from bench.installation import installation, keep


def main() -> int:
    """Measure, print the table and keep the figures under var/bench/."""
    with installation():
        from bench.rounds import measure

        report = measure()
    _tell(report)
    return 0


def _tell(report: dict[str, Any]) -> None:
    keep("engine", report)
    sys.stdout.write(
        "{scale:,} customers, medians of {rounds} first rounds and {days} days, interleaved;"
        " peak {python_peak_mb} MB in Python, {postgres_peak_mb} MB in PostgreSQL\n".format(
            **report
        )
    )
    line = "{:<16}{:>10}{:>10}{:>8}{:>12}{:>12}{:>8}{:>10}\n"
    heads = ("work", "engine s", "floor s", "ratio", "engine cpu", "floor cpu", "ratio", "made")
    sys.stdout.write(line.format(*heads))
    for row in report["works"]:
        sys.stdout.write(line.format(*row.values()))


if __name__ == "__main__":
    sys.exit(main())
