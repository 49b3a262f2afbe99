"""A class of a person's own beside the computed one: given with a reason, lifted (MER-28)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from staff.models import Person, Store
from stock.models import ClassOverride, Style
from stock.states import StyleClass


class ClassNotSet(Refused):
    """A class was not given or lifted."""

    messages = {
        "reason_missing": _("Say why the style has another class."),
        "watched": _("Watched is what is new on sale; give one of the four classes."),
        "given_meanwhile": _(
            "Somebody has given this style a class there in the meantime. Look at it again."
        ),
        "same_class": _("This is the class that was given it already."),
        "lifted_already": _("Somebody has lifted this class already."),
    }


@transaction.atomic
def give_class(
    *,
    style: Style,
    office: Store | None,
    style_class: StyleClass | str,
    reason: str,
    by: Person,
    seen: int | None = None,
    now: datetime | None = None,
) -> ClassOverride:
    """Give a style this class in an office, or everywhere; the computed one keeps moving.

    `seen` is the key of the class that stood there when the page was opened, which this one takes
    the place of. Raises ClassNotSet.
    """
    if style_class == StyleClass.WATCHED:
        raise ClassNotSet.because("watched")
    if not reason.strip():
        raise ClassNotSet.because("reason_missing")
    at = now or database_now()
    standing = ClassOverride.objects.filter(style=style, office=office, lifted_at=None)
    before = standing.select_for_update().first()
    if (before.pk if before else None) != seen:
        raise ClassNotSet.because("given_meanwhile")
    if before and (before.style_class, before.reason) == (style_class, reason.strip()):
        raise ClassNotSet.because("same_class")

    # That one alone: what somebody gave since then is refused below, not lifted unseen.
    if before is not None:
        standing.filter(pk=before.pk).update(lifted_by=by, lifted_at=at)
    try:
        with transaction.atomic():
            given = ClassOverride.objects.create(
                style=style,
                office=office,
                style_class=style_class,
                reason=reason.strip()[:200],
                set_by=by,
                set_at=at,
            )
    except IntegrityError as twin:
        raise ClassNotSet.because("given_meanwhile") from twin

    audit.record(
        verb="give_class", of=given, by=by, reason=reason, style=style.pk,
        office=office.pk if office else None, before=before.style_class if before else "",
        after=str(style_class),
    )  # fmt: skip
    return given


@transaction.atomic
def lift_class(*, override: ClassOverride, by: Person, now: datetime | None = None) -> None:
    """Let the computed class hold again. Raises ClassNotSet."""
    standing = ClassOverride.objects.filter(pk=override.pk, lifted_at=None)
    if not standing.update(lifted_by=by, lifted_at=now or database_now()):
        raise ClassNotSet.because("lifted_already")

    audit.record(
        verb="lift_class", of=override, by=by, style=override.style_id, before=override.style_class
    )
