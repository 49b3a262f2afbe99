"""`make run`: everything on this machine with one command, and nothing left of it afterwards.

1. Only one launcher runs on a checkout; what a killed one left behind is ended first.
2. PostgreSQL and Valkey, where the environment names none (`crm.embedded`).
3. Migrations, static files, demonstration data (`crm.prepare`).
4. Web, workers and beat, kept running until Ctrl-C (`crm.supervisor`); then the servers stop, last.
"""

import contextlib
import fcntl
import hashlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from crm.embedded import EngineError, Provision, data_folder, handed_back, provide
from crm.supervisor import Child, Supervisor, end_marked

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
RUN = VAR / "run"
# Every process we start carries the place of its data, by which a later launcher knows it.
MARK = "GENJIN_RUN"
FIRST_PORT = 8000
LAST_PORT = 8999
WEB_SECONDS = 120.0


class CannotRun(Exception):
    """`make run` cannot go on; the text is a sentence that says what to do."""


def main() -> int:
    """Run everything until told to stop; return the exit code."""
    os.chdir(CHECKOUT)
    try:
        with only_launcher(), handed_back(), listening_socket() as listener:
            url = address_of(listener)
            with provide(make_keys=True) as provision:
                return serve(listener, url, provision)
    except (CannotRun, EngineError) as refusal:
        print(f"Genjin cannot start: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(listener: socket.socket, url: str, provision: Provision) -> int:
    """Prepare the database, then keep web, workers and beat running."""
    environment = child_environment(url)
    logins = prepare(environment, logins_file(embedded=provision.embeds("DATABASE_URL")))
    supervisor = Supervisor(children(listener), environment=environment)
    supervisor.each_second = Watch(supervisor, provision).look
    threading.Thread(target=announce, args=(supervisor, url, logins), daemon=True).start()
    return supervisor.run()


@contextlib.contextmanager
def only_launcher() -> Iterator[None]:
    """Be the one launcher of this checkout, and end what an earlier, killed one left running."""
    data_folder()
    with (RUN / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                f"it already runs from this folder ({lock.read().strip() or 'starting'}). "
                "Stop that one first with Ctrl-C in its terminal."
            ) from None
        if count := end_marked(MARK, str(VAR)):
            print(f"Ended {count} processes that a killed Genjin had left running.", flush=True)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        yield


@contextlib.contextmanager
def listening_socket() -> Iterator[socket.socket]:
    """Listen on PORT, else on the first free port from 8000 up.

    The launcher keeps the socket and hands it to the web server: no second copy can take the port
    in between, and requests wait while a web server that died is brought back.
    """
    host = os.environ.get("HOST") or "127.0.0.1"
    named = os.environ.get("PORT")
    if named and not (named.isdigit() and 0 < int(named) < 65536):
        raise CannotRun(f"PORT is {named!r}; set it to a number from 1 to 65535, or leave it out.")
    ports = [int(named)] if named else range(FIRST_PORT, LAST_PORT + 1)
    for port in ports:
        with contextlib.ExitStack() as stack:
            try:
                listener = stack.enter_context(_listen(host, port))
            except socket.gaierror:
                raise CannotRun(f"HOST is {host!r}, which is no address of this machine.") from None
            except PermissionError:
                raise CannotRun(
                    f"port {port} may not be used by this user; set PORT to 1024 or above."
                ) from None
            except OSError as error:
                reason = error.strerror
                continue
            yield listener
            return
    if named:
        raise CannotRun(
            f"port {named} on {host} cannot be used ({reason}). Set PORT to another one, or leave "
            "it out and a free one is found."
        )
    raise CannotRun(f"no port from {FIRST_PORT} to {LAST_PORT} on {host} is free ({reason}).")


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except BaseException:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the URL a person on this machine types."""
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def child_environment(url: str) -> dict[str, str]:
    """Return our environment for the children, with what a local installation may assume."""
    host = os.environ.get("HOST") or "127.0.0.1"
    hosts = dict.fromkeys(["localhost", "127.0.0.1", "[::1]", host, *_own_addresses(host)])
    assumed = {
        "BASE_URL": url,
        "ALLOWED_HOSTS": ",".join(hosts),
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "PYTHONUNBUFFERED": "1",
        # Celery's remark about root, which somebody trying this out in a container cannot help.
        "PYTHONWARNINGS": "ignore::Warning:celery.platforms",
    }
    return assumed | os.environ | {MARK: str(VAR)}


def _own_addresses(host: str) -> list[str]:
    """Return this machine's addresses where the web listens on all of them."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104  compared, not bound
        return []
    families = (socket.AF_INET, socket.AF_INET6)
    found = [a for addresses in psutil.net_if_addrs().values() for a in addresses]
    plain = [a.address.partition("%")[0] for a in found if a.family in families]
    return [socket.gethostname()] + [f"[{a}]" if ":" in a else a for a in plain]


def logins_file(*, embedded: bool) -> Path:
    """Return where the demonstration's logins are kept for this database.

    The demonstration says them once, when it is made; later starts repeat them from here.
    """
    if embedded:
        return RUN / "logins.txt"
    database = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()
    return RUN / f"logins-{database[:12]}.txt"


def prepare(environment: dict[str, str], logins: Path) -> str:
    """Bring database and static files up to date; return the text with the logins, if any."""
    command = [sys.executable, "-m", "crm.prepare", str(logins)]
    if subprocess.run(command, env=environment).returncode != 0:
        raise CannotRun("the database could not be prepared; the lines above say why.")
    return logins.read_text() if logins.exists() else ""


def children(listener: socket.socket) -> list[Child]:
    """Return the programs to keep running.

    Imports, reports and messages to services outside have a worker of their own, so that nobody's
    nudge waits behind them.
    """
    descriptor = listener.fileno()
    gunicorn = [sys.executable, "-m", "gunicorn", "crm.wsgi", f"--bind=fd://{descriptor}"]
    gunicorn += ["--worker-class=gthread", "--workers=2", "--threads=4", "--no-control-socket"]
    # Read once, before there are two of them.
    gunicorn += ["--timeout=60", "--graceful-timeout=10", "--preload"]
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "crm"]
    worker = [*celery, "worker", "--loglevel=INFO", "--without-mingle", "--without-gossip"]
    return [
        Child(name="web", command=gunicorn, files=[descriptor]),
        Child(
            name="worker",
            command=[*worker, "--queues=work", "--concurrency=2", "--hostname=worker@%h"],
        ),
        Child(
            name="jobs",
            command=[
                *worker,
                "--queues=bulk,outgoing",
                "--concurrency=1",
                "--hostname=jobs@%h",
            ],
        ),
        Child(name="beat", command=[*celery, "beat", "--pidfile="]),
    ]


class Watch:
    """Looks, once a second, after what is not a child: the servers, and the `make` above us."""

    def __init__(self, supervisor: Supervisor, provision: Provision) -> None:
        self.supervisor = supervisor
        self.provision = provision
        self.parent = psutil.Process(os.getppid())
        self.under_make = self.parent.name() in ("make", "gmake")

    def look(self) -> None:
        """Bring back a server that died; stop when the `make` that started us was killed."""
        try:
            for name in self.provision.revive():
                self.supervisor.say(f"{name} had ended; it was started again and lost nothing")
        except EngineError as refusal:
            self.supervisor.say(f"{refusal} Everything is stopped.")
            self.supervisor.stop(failed=True)
        if self.under_make and os.getppid() != self.parent.pid:
            self.supervisor.say("the `make` that started this is gone")
            self.supervisor.stop()


def announce(supervisor: Supervisor, url: str, logins: str) -> None:
    """Say where the web is and who can sign in, once it answers."""
    host = first_allowed_host(supervisor.environment["ALLOWED_HOSTS"])
    give_up_at = time.monotonic() + WEB_SECONDS
    while time.monotonic() < give_up_at:
        if answers(url, host):
            for line in ["", f"Genjin is ready: {url}", *logins.splitlines(), ""]:
                supervisor.say(line)
            (RUN / "launcher.lock").write_text(f"{url}, process {os.getpid()}\n")
            return
        time.sleep(0.2)
    supervisor.say(f"{url} has not answered in {WEB_SECONDS:.0f} s; the lines above may say why")


def first_allowed_host(allowed: str) -> str:
    """Return a host name the web takes requests for."""
    host = allowed.split(",")[0].strip().lstrip(".")
    return "localhost" if host in ("", "*") else host


def answers(url: str, host: str) -> bool:
    """Tell whether the web server says that it is well."""
    address, _, port = url.removeprefix("http://").rpartition(":")
    connection = http.client.HTTPConnection(address.strip("[]"), int(port), timeout=10)
    # As behind a proxy that ends TLS: where that is expected, plain http would be redirected.
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    try:
        connection.request("GET", "/healthz", headers=headers)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
