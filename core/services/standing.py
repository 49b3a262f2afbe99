"""Writing over what stands: only what its writer has seen."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused


class ChangedMeanwhile(Refused):
    """Something was left as it is: it says by now what whoever writes over it has not read."""

    messages = {
        "changed_meanwhile": _(
            "This was changed after you opened it. What stands now is told at each field; what you "
            "typed is still here. Compare, then save again."
        ),
    }


@transaction.atomic
def act_as_seen(
    *,
    hold: Callable[[], object],
    stands: Callable[[], bool],
    act: Callable[[], object],
) -> None:
    """`act`, where what it writes over `stands` as it was read; `hold` locks that before.

    Raises ChangedMeanwhile, and what `hold` and `act` raise.
    """
    hold()
    if not stands():
        raise ChangedMeanwhile.because("changed_meanwhile")
    act()
