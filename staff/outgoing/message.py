"""What is sent, and what it means when it did not get through."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message as its reader gets it: a subject and lines of plain text."""

    subject: str
    body: str

    def within(self, limit: int) -> str:
        """Subject and body, cut at the end of a line so that it has at most `limit` bytes."""
        text = f"{self.subject}\n\n{self.body}"
        if len(text.encode()) <= limit:
            return text
        kept, room = [], limit - len("\n…".encode())
        for line in text.split("\n"):
            room -= len(line.encode()) + 1
            if room < 0:
                break
            kept.append(line)
        return "\n".join([*kept, "…"])


class Why(StrEnum):
    """Why a message did not get through; worded in `staff.outgoing_words`."""

    AWAY = "away"  # no connection: certainly not delivered
    BROKEN = "broken"  # the service itself answered that it cannot now
    TOO_MANY = "too_many"  # a limit of the service
    UNKNOWN = "unknown"  # sent, and no answer of the service's own: nobody knows
    FAULT = "fault"  # something of ours broke on the way: nobody knows either
    NOT_LET_IN = "not_let_in"  # the mail server refuses our account or sender
    GONE = "gone"  # the robot or mailbox exists no more
    NO_RIGHT = "no_right"  # signature, key word or address list refuse us
    UNWANTED = "unwanted"  # the content is refused
    ADDRESS = "address"  # the address kept is not one that we send to
    OUT_OF_USE = "out_of_use"  # the robot was taken out of use before it went out
    UNREADABLE = "unreadable"  # no key of ours opens the address kept
    REFUSED = "refused"  # refused for a reason that we do not know


# It may have arrived: tried once more, and marked.
NOBODY_KNOWS = frozenset({Why.UNKNOWN, Why.FAULT})
# The whole way fails, for whomever it is; the rest concern one robot, mailbox or message.
WAY_FAILS = frozenset({Why.AWAY, Why.BROKEN, Why.UNKNOWN, Why.NOT_LET_IN})
# Trying again may help; for the rest a person has to mend something first.
PASSING = NOBODY_KNOWS | WAY_FAILS | {Why.TOO_MANY}


class Undelivered(Exception):
    """A message did not get through, or nobody knows whether it did."""

    def __init__(self, why: Why, detail: str = "") -> None:
        self.why, self.detail = why, detail[:60]
        super().__init__(f"{why} {self.detail}".strip())

    @property
    def may_pass(self) -> bool:
        """Whether the same message may get through later."""
        return self.why in PASSING
