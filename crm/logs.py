"""One line a log record: time, level, words, then ids. Never a name or a phone number."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from core.phones import mask_in_text

# Where a number that somebody typed may stand: PostgreSQL names the values of a failed statement.
TOLD = ("event", "request", "exception")
# The key of a calendar feed stands in its address.
FEED = re.compile(r"/feed/[^\s\"']+")


def without_numbers(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Any:
    """Cut the query off an address, for it holds what was searched for; mask what is left."""
    if isinstance(request := line.get("request"), str):
        line["request"] = request.partition("?")[0]
    for name in TOLD:
        if isinstance(text := line.get(name), str):
            line[name] = FEED.sub("/feed/…", mask_in_text(text))
    return line


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

_as_line = structlog.processors.LogfmtRenderer(
    key_order=["timestamp", "level", "event"], drop_missing=True
)


def render(logger: Any, method: str, line: MutableMapping[str, Any]) -> str:
    """The last step of every record, ours and the libraries'."""
    line = structlog.processors.format_exc_info(logger, method, line)
    return _as_line(logger, method, without_numbers(logger, method, line))
