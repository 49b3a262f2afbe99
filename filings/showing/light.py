"""The light of a filing in words: always a word and a shape beside the colour (screen 3)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.days import date_text, day_text
from core.time_left import TimeLeft, span, until
from filings.models import Filing
from filings.queries.shown import ShownFiling, is_passed_on, names_customer
from filings.rules.lights import light_of, lost_by
from filings.states import Channel, Invalid, Lost, ReviewState, Withdrawn
from filings.states.lights import Light
from staff.states import Trade

TONES = {
    Light.VALID: ("good", "shield-check-filled"),
    Light.DEAL: ("good", "circle-check-filled"),
    Light.SOON: ("soon", "shield-half"),
    Light.LAPSED: ("late", "shield-x"),
    Light.REFUSED: ("late", "shield-x"),
    Light.DRAFT: ("soon", "shield"),
}
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Mark:
    """One limit on the line: `state` is done, next, late or plain."""

    label: str
    text: str
    state: str


@dataclass(frozen=True)
class LightShown:
    """The light, how long it lasts, and the limits on a line."""

    light: str
    word: str
    tone: str
    icon: str
    left: str
    marks: list[Mark]


def last_day(at: datetime, zone: ZoneInfo) -> date:
    """The day on whose 24:00 a limit ends."""
    return (at - SECOND).astimezone(zone).date()


def second_text(at: datetime, zone: ZoneInfo, *, today: date | None = None) -> str:
    """12 Mar 10:05:12: server time to the second, in the zone of the store."""
    local = at.astimezone(zone)
    return f"{date_text(local.date(), today=today)} {local:%H:%M:%S}"


def end_text(at: datetime, zone: ZoneInfo, *, today: date | None = None) -> str:
    """The end of a stretch; one at midnight is 24:00 of the day before."""
    local = at.astimezone(zone)
    if local.time() == time():
        return f"{date_text(last_day(at, zone), today=today)} 24:00"
    return second_text(at, zone, today=today)


def light_on(filing: ShownFiling, *, now: datetime) -> Light:
    """How this filing stands now."""
    return light_of(
        is_draft=filing.submitted_at is None and not filing.withdrawn,
        is_void=bool(filing.invalid or filing.withdrawn),
        is_over=bool(filing.ended),
        has_deal=filing.has_deal,
        protected_until=filing.protected_until,
        now=now,
    )


def why_over(filing: ShownFiling, *, now: datetime) -> str:
    """Why a filing is void or protects no longer, in a few words; "" while it holds.

    They stand behind "lapsed", so a lapse by silence does not say so twice.
    """
    light = light_on(filing, now=now)
    if filing.withdrawn:
        return str(Withdrawn(filing.withdrawn).label)
    if filing.invalid:
        return str(Invalid(filing.invalid).label)
    if light != Light.LAPSED:
        return ""
    lost = lost_by(
        ended=filing.ended, limit_at=filing.limit_at, measured_at=filing.measured_at, now=now
    )
    return _("no follow-up") if lost == Lost.LAPSED_10D else str(Lost(lost).label)


def shown_light(filing: ShownFiling, *, now: datetime) -> LightShown:
    """The light of one filing with its line of limits."""
    if is_passed_on(filing):
        return LightShown(Light.LAPSED.value, _("Filing: handed over"), "late", "shield", "", [])
    light = light_on(filing, now=now)
    tone, icon = TONES[light]
    is_held = light in (Light.VALID, Light.SOON)
    word = _("Filing: %(state)s") % {"state": light.label}
    if why := why_over(filing, now=now):
        word = _("Filing: %(state)s, %(why)s") % {"state": light.label, "why": why.lower()}
    end = filing.protected_until
    left = _("%(time)s left") % {"time": span(end - now)} if is_held and end else ""
    return LightShown(light.value, word, tone, icon, left, _marks(filing, now) if is_held else [])


def _marks(filing: Filing, now: datetime) -> list[Mark]:
    """Measuring, following up and the protection, in the order in which they end."""
    zone = filing.store.tzinfo
    today = filing.store.today(now)
    marks: list[tuple[datetime, Mark]] = []
    if filing.channel == Channel.FIELD and filing.measured_at is not None:
        day = date_text(filing.store.today(filing.measured_at), today=today)
        text = pgettext("measuring on the line of limits", "done %(day)s") % {"day": day}
        marks.append((filing.measured_at, Mark(measuring_word(filing), text, "done")))
    elif filing.limit_at is not None and filing.measured_at is None:
        marks.append((filing.limit_at, _by(measuring_word(filing), filing.limit_at, zone, now)))
    if filing.update_due_at is not None:
        mark = _by(_("Follow-up"), filing.update_due_at, zone, now)
        marks.append((filing.update_due_at, mark))
    if filing.protected_until is not None:
        day = date_text(last_day(filing.protected_until, zone), today=today)
        text = pgettext("protection on the line of limits", "until %(day)s") % {"day": day}
        marks.append((filing.protected_until, Mark(_("Protection"), text, "plain")))
    return _with_next([mark for _at, mark in sorted(marks, key=lambda each: each[0])])


def _by(label: str, at: datetime, zone: ZoneInfo, now: datetime) -> Mark:
    day = date_text(last_day(at, zone), today=timezone.localdate(now))
    if at <= now:
        return Mark(label, _("missed %(day)s") % {"day": day}, "late")
    return Mark(label, pgettext("limit", "by %(day)s") % {"day": day}, "plain")


def _with_next(marks: list[Mark]) -> list[Mark]:
    """The first limit ahead is the next one."""
    found = next((mark for mark in marks if mark.state == "plain"), None)
    return [Mark(m.label, m.text, "next") if m is found else m for m in marks]


def measuring_word(filing: Filing) -> str:
    """What keeps a field filing beyond its limit: in the car trade a test drive (decision 6)."""
    return _("Test drive") if filing.store.trade == Trade.CARS else _("Measuring")


def time_left(filing: ShownFiling, *, now: datetime) -> TimeLeft:
    """How long to the next thing that is owed, red once it is missed."""
    if filing.has_deal:
        return TimeLeft(_("deal made"), "good")
    if filing.due_at is None:
        return TimeLeft("–", "plain")
    return until(filing.due_at, now=now)


def review_word(filing: Filing) -> str:
    """Where the review stands; "" for what none is asked of."""
    return str(ReviewState(filing.review_state).label) if filing.review_state else ""


def customer_word(filing: ShownFiling) -> str:
    """The customer by name; by the masked number for whoever may not be told the name.

    Of a card with several numbers none is told: the reader knows the one they typed.
    """
    if names_customer(filing):
        return filing.customer.shown_name
    if filing.said.get("name"):
        return str(filing.said["name"])
    if filing.submitted_at and not filing.invalid:
        return _("a customer of others")
    return filing.numbers[0] if len(filing.numbers) == 1 else _("a customer of others")


def phone_word(filing: ShownFiling) -> str:
    """The masked number: of a card within reach, or the one that whoever was refused typed."""
    if filing.said.get("phone") and not filing.is_known:
        return str(filing.said["phone"])
    is_typed = len(filing.numbers) == 1 and bool(filing.invalid)
    if filing.numbers and (filing.is_known or is_typed):
        return filing.numbers[0]
    return ""


def day_word(at: datetime | None, filing: Filing, *, now: datetime) -> str:
    """The last day of a limit, with the day of the week."""
    if at is None:
        return ""
    return day_text(last_day(at, filing.store.tzinfo), today=filing.store.today(now))
