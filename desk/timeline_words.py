"""The rows of the timeline, worded for their reader; typed text is masked, whatever its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import date_text, moment_text
from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import TimelineKind
from customers.states import (
    AppointmentKind,
    AppointmentState,
    AttachmentKind,
    BuyerRole,
    Channel,
    GoneReason,
    IntentLevel,
    LostReason,
    Outcome,
    ProductEventKind,
    ProposalReason,
    Quiet,
    QuietReason,
    Reason,
    Relation,
    Source,
    StageKind,
)
from desk.care_words import CARE_WORDED
from desk.deal_words import DEALS_WORDED
from desk.order_words import ORDERS_WORDED, paper_url
from desk.timeline_rows import Row, label, with_more
from followups.guard_words import override_words
from followups.states import State
from staff.scope import Reach


@dataclass(frozen=True)
class Entry:
    """One entry as the page shows it; `kind` decides its mark: "big", "no" or ""."""

    when: str
    title: str
    text: str
    kind: str
    aside: str
    void_url: str
    open_url: str = ""


# Their other person is whom it went to: a case, what was reported up, a credit.
SENT_ON = frozenset({TimelineKind.CASE, TimelineKind.REPORTED_UP, TimelineKind.DEAL})


def entry_of(row: Row, *, reader: Reach, now: datetime) -> Entry:
    """One row as the page shows it."""
    title, text = WORDED[TimelineKind(row.kind)](row)
    is_day = row.standing == "day"
    today = timezone.localdate(now)
    return Entry(
        when=date_text(timezone.localdate(row.at), today=today)
        if is_day
        else moment_text(row.at, now=now),
        title=mask_in_text(title),
        text=mask_in_text(text),
        kind=_mark(row),
        aside=_who(row),
        void_url=_void_url(row, reader),
        open_url=reverse("followups:survey_result", args=[row.row])
        if row.kind == TimelineKind.SURVEY
        else paper_url(row),
    )


def _who(row: Row) -> str:
    """Who did it; an assistant stands with the person they acted for (FUP-30), and what went to
    another, a case or what was reported up, names the receiver.
    """
    if not row.other:
        return row.who
    if row.kind in SENT_ON:
        return row.who if row.who == row.other else f"{row.who} → {row.other}".lstrip()
    return _("%(person)s for %(other)s") % {"person": row.who, "other": row.other}


def _hour(at: datetime) -> str:
    """A moment in full: 12 Mar 10:00."""
    local = timezone.localtime(at)
    return _("%(day)s %(time)s") % {
        "day": date_text(local.date()),
        "time": local.strftime("%H:%M"),
    }


def _entered(row: Row) -> str:
    """A late entry says when it was made, beside when it claims to have happened."""
    if row.standing != "late" or row.entered is None:
        return ""
    at = timezone.localtime(row.entered)
    return _("Entered on %(day)s %(time)s, more than 24 hours later: evidence only.") % {
        "day": date_text(at.date()),
        "time": at.strftime("%H:%M"),
    }


def _void_url(row: Row, reader: Reach) -> str:
    """Where a manager takes a contact back (decision 12); whoever logged it is told when saving."""
    may_void = reader.may_reassign and row.kind == TimelineKind.CONTACT
    if not may_void or row.standing in ("void", "imported"):
        return ""
    return reverse("followups:void_contact", args=[row.row])


def _mark(row: Row) -> str:
    """What stands out: products, homes measured, sales won; and what does not count any more."""
    gone = {row.standing, row.code2} & {"no", "void", "undone", "gone", State.SKIPPED}
    missed = row.kind == TimelineKind.APPOINTMENT and row.code2 != AppointmentState.KEPT
    if gone or missed or State.SKIPPED in (row.code,) or row.code == "void":
        return "no"
    is_won = row.kind == TimelineKind.STAGE and row.code3 == StageKind.WON
    big = (TimelineKind.PRODUCT, TimelineKind.MEASURING, TimelineKind.DEAL)
    return "big" if row.kind in big or row.code == Channel.MEASURING or is_won else ""


def _contact(row: Row) -> tuple[str, str]:
    """“Reached, Quote” with the note; a visit is named by its way, a miss says that it is none.

    Made although the guard advised against it, it says why (FUP-09).
    """
    reason, _bar, override = row.code3.partition("|")
    is_visit = row.code in (Channel.STORE_VISIT, Channel.HOME_VISIT, Channel.MEASURING)
    what = str(Channel(row.code).label if is_visit else Outcome(row.code2).label)
    if is_visit and row.standing == "no":
        what = with_more(what, str(Outcome(row.code2).label))
    has_reason = reason and reason != Reason.OTHER
    title = with_more(what, str(Reason(reason).label)) if has_reason else what
    remark = {
        "void": _("Voided: it was a mistake."),
        "no": _("Does not count as a follow-up."),
        "late": _entered(row),
        "imported": _("Imported."),
    }.get(row.standing, "")
    why = _("Made all the same: %(why)s.") % {"why": override_words(override)} if override else ""
    return title, " ".join(filter(None, [row.text, why, remark]))


def _grade(row: Row) -> tuple[str, str]:
    return _("Grade %(before)s → %(after)s") % {"before": row.code, "after": row.code2}, row.text


def _proposal(row: Row) -> tuple[str, str]:
    title = _("Grade %(grade)s declined, %(before)s stays") % {
        "grade": row.code2,
        "before": row.code,
    }
    return title, with_more(label(ProposalReason, row.code3), row.text)


def _intent(row: Row) -> tuple[str, str]:
    if not row.code2:
        return _("Intent taken back"), ""
    return _("Intent %(level)s") % {"level": label(IntentLevel, row.code2)}, ""


def _registered(row: Row) -> tuple[str, str]:
    return _("Registered"), label(Source, row.code)


def _arrival(row: Row) -> tuple[str, str]:
    return with_more(_("Got in touch again"), label(Source, row.code)), row.text


def _inquiry(row: Row) -> tuple[str, str]:
    return with_more(_("Inquiry taken"), label(Source, row.code)), row.text


def _merge(row: Row) -> tuple[str, str]:
    title = _("Card of %(name)s merged into this one") % {"name": row.code}
    return title, with_more(row.text, _("taken apart again") if row.standing else "")


def _keeper(row: Row) -> tuple[str, str]:
    names = {"before": row.code or _("nobody"), "after": row.code2 or _("nobody")}
    return _("Keeper %(before)s → %(after)s") % names, row.text


NUMBER_ACTS = {
    "main_number": gettext_lazy("Main number changed"),
    "retire_number": gettext_lazy("Number retired"),
    "take_up_number": gettext_lazy("Number taken up again"),
}


def _changed(row: Row) -> tuple[str, str]:
    """Which fields of the card somebody wrote; what they said before is not kept."""
    if row.code in NUMBER_ACTS:
        return str(NUMBER_ACTS[row.code]), ""
    names = [_field_name(name) for name in row.text.split(",") if name]
    if row.code2 not in ("", "0"):
        names.append(_("phone number"))
    return _("Card changed"), _(", ").join(dict.fromkeys(filter(None, names)))


def _field_name(name: str) -> str:
    """The word for a field; what is derived or part of another has none of its own."""
    if name.startswith("birth_"):
        return _("Birthday")
    if name in ("search", "address_key", "id_cipher", "id_masked"):
        return ""
    return str(Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _quiet(row: Row) -> tuple[str, str]:
    wish = row.code if row.code in Quiet.values else Quiet.NONE
    why = label(QuietReason, row.code2) if row.code2 in QuietReason.values else ""
    return str(Quiet(wish).label), " · ".join(filter(None, [why, row.text]))


def _member(row: Row) -> tuple[str, str]:
    return with_more(_("Household member added"), label(Relation, row.code)), row.text


def _key_person(row: Row) -> tuple[str, str]:
    return with_more(_("Key person added"), label(BuyerRole, row.code)), row.text


def _stage(row: Row) -> tuple[str, str]:
    if not row.code:
        title = _("Opportunity: %(stage)s") % {"stage": row.code2}
    else:
        title = _("Opportunity %(before)s → %(after)s") % {"before": row.code, "after": row.code2}
    return with_more(title, label(LostReason, row.standing)), row.text


def _booked(row: Row) -> tuple[str, str]:
    title = with_more(_("Appointment booked"), label(AppointmentKind, row.code))
    when = _hour(row.entered) if row.entered else ""
    return title, " · ".join(filter(None, [when, row.code3, row.text]))


def _appointment(row: Row) -> tuple[str, str]:
    what = _("Appointment: %(kind)s") % {"kind": label(AppointmentKind, row.code)}
    when = _hour(row.entered) if row.entered else ""
    state = label(AppointmentState, row.code2)
    return with_more(what, state), " · ".join(filter(None, [when, row.text]))


def _product(row: Row) -> tuple[str, str]:
    title = _("Delivered") if row.code == "delivered" else _("Bought")
    return title, with_more(row.text, label(GoneReason, row.code2))


def _redelivered(row: Row) -> tuple[str, str]:
    days = [date_text(date.fromisoformat(day)) if day else "" for day in (row.code, row.code2)]
    moved = _("%(before)s → %(after)s") % dict(zip(("before", "after"), days, strict=True))
    return with_more(_("Delivery corrected"), moved if any(days) else _("the hour")), row.text


def _event(row: Row) -> tuple[str, str]:
    remark = _("Voided: it was a mistake.") if row.code2 == "void" else ""
    return label(ProductEventKind, row.code), " ".join(filter(None, [row.text, remark]))


def _picture(row: Row) -> tuple[str, str]:
    title = with_more(_("Picture added"), label(AttachmentKind, row.code))
    return title, with_more(row.text, _("taken away since")) if row.code2 else row.text


def _measuring(row: Row) -> tuple[str, str]:
    return _("Home measured"), row.text


WORDED: Mapping[TimelineKind, Callable[[Row], tuple[str, str]]] = {
    TimelineKind.CONTACT: _contact,
    TimelineKind.GRADE: _grade,
    TimelineKind.PROPOSAL: _proposal,
    TimelineKind.INTENT: _intent,
    TimelineKind.REGISTERED: _registered,
    TimelineKind.ARRIVAL: _arrival,
    TimelineKind.INQUIRY: _inquiry,
    TimelineKind.MERGE: _merge,
    TimelineKind.KEEPER: _keeper,
    TimelineKind.QUIET: _quiet,
    TimelineKind.CHANGED: _changed,
    TimelineKind.MEMBER: _member,
    TimelineKind.KEY_PERSON: _key_person,
    TimelineKind.STAGE: _stage,
    TimelineKind.BOOKED: _booked,
    TimelineKind.APPOINTMENT: _appointment,
    TimelineKind.PRODUCT: _product,
    TimelineKind.REDELIVERED: _redelivered,
    TimelineKind.EVENT: _event,
    TimelineKind.PICTURE: _picture,
    TimelineKind.MEASURING: _measuring,
    **CARE_WORDED,
    **DEALS_WORDED,
    **ORDERS_WORDED,
}
