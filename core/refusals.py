"""A refusal: an act that the rules or the state of things do not allow, with its reasons."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from core.rules import Blocker
from core.sentences import joined


class Refused(Exception):
    """An act was refused; `str()` of it may go on the screen, in the reader's language.

    A room subclasses it once an act (`ContactNotLogged`) and gives `messages`: code → sentence.
    """

    messages: Mapping[str, object] = {}

    def __init__(self, *blockers: Blocker) -> None:
        self.blockers = blockers
        super().__init__(", ".join(blocker.code for blocker in blockers))

    @classmethod
    def because(cls, code: str, **params: object) -> "Refused":
        """A refusal with a single reason."""
        return cls(Blocker(code, params))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(blocker.code for blocker in self.blockers)

    def sentences(self) -> list[str]:
        """Each reason as a whole sentence."""
        return [
            str(self.messages.get(blocker.code, _("This is not possible right now.")))
            % dict(blocker.params)
            for blocker in self.blockers
        ]

    def __str__(self) -> str:
        return joined(self.sentences())


def refuse_if(kind: type[Refused], blockers: Iterable[Blocker]) -> None:
    """Raise `kind` with all blockers, when there are any."""
    found = tuple(blockers)
    if found:
        raise kind(*found)
