"""A service outside, in small: a web server of the test's own that behaves as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, object]
OK: Answer = (200, {"errcode": 0, "code": 0})


class Gateway:
    """What arrived, and how the next ones are answered: the first of `script`, else with OK."""

    def __init__(self) -> None:
        self.arrived: list[dict[str, Any]] = []
        self.script: list[Answer | Callable[[], Answer | None]] = []
        self.lock = threading.Lock()
        self.url = ""

    @property
    def texts(self) -> list[str]:
        """What each message said, whatever the service's shape."""
        return [
            next(
                body[name]["content"] if "content" in body[name] else body[name]["text"]
                for name in ("markdown", "text", "content")
                if name in body
            )
            for body in (each["body"] for each in self.arrived)
        ]

    def answer(self, path: str, body: bytes) -> Answer | None:
        with self.lock:
            self.arrived.append({"path": path, "body": json.loads(body)})
            told = self.script.pop(0) if self.script else OK
        return told() if callable(told) else told


def late(seconds: float, answer: Answer | None = OK) -> Callable[[], Answer | None]:
    """The message is taken, and the answer comes after so long; None: never."""

    def wait() -> Answer | None:
        time.sleep(seconds)
        return answer

    return wait


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told = gateway.answer(self.path, body)
            if told is None:
                return
            status, said = told
            content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # the asker has gone: that is what was wanted

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
    # It asks each 10 ms whether it is to end; of itself each half second, in every test.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
