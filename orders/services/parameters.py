"""Setting what holds for the orders of a trade (ORD-17, ORD-20, ORD-31, ORD-37, formulas 3.10)."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from orders.models import OrderTerms
from staff.models import Person
from staff.states import Trade


class ParametersNotSet(Refused):
    """What holds was left as it is."""

    messages = {
        "set_meanwhile": _("Somebody else has set these figures meanwhile. Look at them again."),
        "nothing_changed": _("Nothing was changed."),
    }


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Days, percent, and yuan of `slip_band`, as `OrderTerms` explains them."""

    check_days: int
    hold_after_days: int
    monthly_days: int
    slip_band: Decimal
    credit_days: int
    return_days: int
    claw_back_percent: int


def version_of(terms: OrderTerms) -> str:
    """The state that somebody read; "" where nobody has set anything."""
    return terms.changed_at.isoformat() if terms.pk else ""


@transaction.atomic
def set_parameters(
    *,
    trade: Trade,
    figures: Figures,
    seen: str,
    reason: str,
    by: Person,
) -> OrderTerms:
    """Let these figures hold for the orders of a trade from now on; dues, credits and commission
    that stand keep what they were made with. Raises ParametersNotSet.
    """
    row = OrderTerms.objects.select_for_update().filter(trade=trade).first()
    standing = row or OrderTerms(trade=trade)
    if version_of(standing) != seen:
        raise ParametersNotSet.because("set_meanwhile")
    wanted = asdict(figures)
    changes = {
        name: [str(getattr(standing, name)), str(value)]
        for name, value in wanted.items()
        if getattr(standing, name) != value
    }
    if not changes:
        raise ParametersNotSet.because("nothing_changed")
    for name, value in wanted.items():
        setattr(standing, name, value)
    standing.changed_by = by
    try:
        with transaction.atomic():
            standing.save()
    except IntegrityError as error:
        # Two people set the first figures of a trade at once.
        raise ParametersNotSet.because("set_meanwhile") from error
    audit.record(
        verb="set_order_terms",
        of=standing,
        by=by,
        reason=reason.strip(),
        trade=trade.value,
        changes=changes,
    )
    return standing
