"""One way to say a notice."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One way to say a kind of notice: it is taken where all its `needs` are given."""

    text: str | Promise
    needs: tuple[str, ...] = ()
