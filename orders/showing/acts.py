"""Acts that a page offers: links to small pages of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: where it is done, how it is called."""

    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Next:
    """What an order waits for; `act` None where this reader only waits along."""

    text: str
    act: Act | None = None
