"""Input that cannot be read: one code, its parameters, one sentence."""

from collections.abc import Mapping

from core.refusals import Blocker, Refused


class InputRefused(Refused):
    """One piece of input was refused, for exactly one reason.

    A module subclasses it with its table of sentences (`messages`: code → lazy text). The input
    itself is never a parameter: it may be a phone number, and refusals are logged.
    """

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(Blocker(code, dict(params or {})))

    @classmethod
    def because(cls, code: str, **params: object) -> "InputRefused":
        return cls(code, params)

    @property
    def code(self) -> str:
        return self.blockers[0].code

    @property
    def params(self) -> Mapping[str, object]:
        return self.blockers[0].params

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.code, dict(self.params)))
