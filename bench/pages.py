"""`make bench`: the pages people open most, each beside its floor, in one interleaved run.

1. A throw-away PostgreSQL with SCALE customers of the demonstration and ORDERS orders.
2. Product and floor behind the same gunicorn command, one session in both.
3. Each page asked of one and the other in turn; medians, and their ratio. A form is sent for
   another customer each time.
"""

import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.installation import ROOT, installation, keep
from bench.page import Asked, Page

SCALE = int(os.environ.get("SCALE", "100000"))
ORDERS = int(os.environ.get("ORDERS", "50000"))
ROUNDS = int(os.environ.get("ROUNDS", "60"))
ONLY = os.environ.get("ONLY", "")  # pages with this in their name; all without
WARM = 10
HOST = "127.0.0.1"
PORTS = {"product": 18761, "floor": 18762}
GUNICORN = ["-m", "gunicorn", "--worker-class=gthread", "--workers=2", "--threads=4"]
DEEP = 1000
# Of a form; both stand on loopback.
TOKEN = "b" * 32


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Medians in milliseconds, their ratio, and what travels."""

    page: str
    product_ms: float
    floor_ms: float
    ratio: float
    product_bytes: int
    floor_bytes: int


def main() -> int:
    """Measure, print the table and keep the figures under var/bench/."""
    os.environ["ALLOWED_HOSTS"] = HOST
    with installation():
        pages = _prepare()
        with _server("product", "crm.wsgi"), _server("floor", "bench.floor.wsgi"):
            figures = [_measure(page) for page in pages]
    _tell(figures)
    return 0


def _prepare() -> list[Page]:
    """Make the customers and orders, sign people in; return the pages."""
    for command in (
        ["collectstatic", "--noinput", "-v0"],
        ["demo", "--customers", str(SCALE)],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
    from django.utils import timezone

    from bench import orders
    from bench.session import pages_of

    orders.build(orders=ORDERS, today=timezone.localdate())
    pages = pages_of(deep=DEEP, turns=WARM + ROUNDS)
    return [page for page in pages if ONLY in page.name]


@contextlib.contextmanager
def _server(name: str, application: str) -> Iterator[None]:
    """One gunicorn, until it answers; ended with the block."""
    port = PORTS[name]
    command = [sys.executable, *GUNICORN, f"--bind={HOST}:{port}", "--no-control-socket"]
    process = subprocess.Popen([*command, "--log-level=error", application], cwd=ROOT)
    try:
        give_up_at = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                _get(port, Asked(path="/healthz"), "")
                break
            if time.monotonic() > give_up_at or process.poll() is not None:
                raise SystemExit(f"the {name} did not start")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def _get(port: int, asked: Asked, cookie: str) -> tuple[int, int]:
    """Status and size of the answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {
        "Cookie": f"{cookie}; csrftoken={TOKEN}",
        "X-Forwarded-Proto": "https",
        "Referer": f"https://{HOST}:{port}/",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    try:
        body = f"csrfmiddlewaretoken={TOKEN}&{asked.body}" if asked.body else None
        connection.request("POST" if body else "GET", asked.path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    finally:
        connection.close()


def _timed(port: int, asked: Asked, cookie: str) -> tuple[float, int]:
    begun = time.perf_counter()
    status, size = _get(port, asked, cookie)
    if status != (302 if asked.body else 200):
        raise SystemExit(f"{asked.path} answered {status}")
    return (time.perf_counter() - begun) * 1000, size


def _measure(page: Page) -> Measured:
    """One page of both, in turn."""
    times: dict[str, list[float]] = {"product": [], "floor": []}
    sizes = {"product": 0, "floor": 0}
    for turn in range(WARM + ROUNDS):
        for name, rows in (("product", page.product), ("floor", page.floor)):
            asked = rows[turn % len(rows)]
            took, sizes[name] = _timed(PORTS[name], asked, page.cookie)
            if turn >= WARM:
                times[name].append(took)
    product, floor = (statistics.median(times[name]) for name in ("product", "floor"))
    return Measured(
        page=page.name,
        product_ms=round(product, 2),
        floor_ms=round(floor, 2),
        ratio=round(product / floor, 2),
        product_bytes=sizes["product"],
        floor_bytes=sizes["floor"],
    )


def _tell(figures: list[Measured]) -> None:
    rows = [asdict(figure) for figure in figures]
    keep("pages", {"scale": SCALE, "rounds": ROUNDS, "pages": rows})
    line = "{:<26}{:>12}{:>10}{:>8}{:>10}\n"
    sys.stdout.write(f"{SCALE:,} customers, p50 of {ROUNDS}, one client, interleaved\n")
    sys.stdout.write(line.format("page", "product ms", "floor ms", "ratio", "bytes"))
    for each in figures:
        sys.stdout.write(
            line.format(each.page, each.product_ms, each.floor_ms, each.ratio, each.product_bytes)
        )


if __name__ == "__main__":
    sys.exit(main())
