"""A task as its row says it: what it is for, how much time is left, and the one verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import day_text
from core.labels import labelled
from core.phones.text import mask_in_text
from core.rules import Blocker
from core.time_left import TimeLeft
from customers.models import Parameters
from customers.states import AppointmentKind, Channel
from followups import rules
from followups.guard_words import already_reached, hours_words
from followups.models import Obligation, Task
from followups.naming import occurrence_name
from followups.queries import Reason, TaskOfDay
from followups.queries.guarding import allowed_by, guard_facts_of
from followups.rules import Attempt, GuardFacts, Kind
from followups.states import RUNNING_CAMPAIGNS, Anchor, Way
from followups.timeleft import time_left
from staff.scope import Reach

KIND_WORDS = {
    Kind.TIMED: gettext_lazy("Appointments"),
    Kind.HOUR_LIMIT: gettext_lazy("Due by the hour"),
    Kind.ACTIVE: gettext_lazy("A calls"),
    Kind.CARE: gettext_lazy("Follow-up and care"),
    Kind.LETTER: gettext_lazy("Letters and greetings"),
    Kind.WAITING: gettext_lazy("Later today"),
    Kind.LATER: gettext_lazy("Ahead"),
}
# How a task is done, as the one verb of its row, with an icon.
VERBS = {
    Way.CALL: (pgettext_lazy("verb", "Call"), "phone"),
    Way.WECHAT: (pgettext_lazy("verb", "Write"), "message"),
    Way.STORE_VISIT: (pgettext_lazy("verb", "Receive"), "building-store"),
    Way.HOME_VISIT: (pgettext_lazy("verb", "Visit"), "map-pin"),
    Way.MEASURING: (pgettext_lazy("verb", "Measure"), "ruler-2"),
    Way.TEST_DRIVE: (pgettext_lazy("verb", "Drive"), "car"),
    Way.LETTER: (pgettext_lazy("verb", "Letter"), "send"),
    Way.GREETING: (pgettext_lazy("verb", "Greet"), "gift"),
}
# As what the guard sees a task that is done this way.
CHANNELS = {
    Way.CALL: Channel.CALL,
    Way.WECHAT: Channel.WECHAT,
    Way.HOME_VISIT: Channel.HOME_VISIT,
}
# Without a number there is nothing to call.
LOG_IT = (pgettext_lazy("verb", "Log"), "edit")


@dataclass(frozen=True, kw_only=True)
class OrderLink:
    """The way to an order that a task is about."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the day, as `followups/today.html` draws it."""

    task_id: int
    customer_id: int
    name: str
    title: str
    grade: str
    why: str
    due: TimeLeft
    verb: str
    verb_icon: str
    url: str
    call_url: str
    keeper: str
    is_up: bool
    note: str = ""
    asks: bool = False
    orders: tuple["OrderLink", ...] = ()


def booked_of(task: TaskOfDay) -> Obligation | None:
    """The first appointment that the task holds."""
    return next((row for row in task.reasons if row.step.anchor == Anchor.APPOINTMENT), None)


def way_of(task: TaskOfDay) -> Way:
    """How the task is done: as it was booked; else a visit wins over a call (AFT-12)."""
    booked = booked_of(task)
    if booked is not None:
        return Way(booked.way)
    return Way(
        rules.leading_way(
            [row.way or row.step.way for row in task.reasons], quiet=task.customer.quiet
        )
    )


def _agreed(row: Obligation, *, now: datetime, zone: ZoneInfo) -> str:
    """A next step: what was said, or how to meet; once overdue, for which day it was agreed."""
    words = mask_in_text(row.text) or str(Way(row.way or row.step.way).label)
    today = now.astimezone(zone).date()
    if row.due_on >= today:
        return words
    day = day_text(row.due_on, today=today)
    return _("agreed for %(day)s: %(words)s") % {"day": day, "words": words}


def appointment_words(kind: str, text: str) -> str:
    """Test drive: X5 · south gate. A text that begins with the kind stands alone."""
    label = str(AppointmentKind(kind).label)
    said = mask_in_text(text)
    return said if said.startswith(label) else labelled(label, said)


def _news(row: Reason, starts: datetime, *, now: datetime) -> str:
    """What a guest who is coming is told: as it stands now, whatever came before."""
    name = mask_in_text(row.text)
    if row.campaign_state not in RUNNING_CAMPAIGNS:
        return _("tell them: %(campaign)s is called off") % {"campaign": name}
    today = now.astimezone(starts.tzinfo).date()
    when = f"{day_text(starts.date(), today=today)} {starts:%H:%M}"
    return _("tell them: %(campaign)s is on %(when)s") % {"campaign": name, "when": when}


def _words(row: Reason, *, now: datetime, zone: ZoneInfo) -> str:
    """What one obligation is for: what was agreed, what was asked for, else its step."""
    if row.step.anchor == Anchor.NEXT_STEP:
        return _agreed(row, now=now, zone=zone)
    if row.step.anchor == Anchor.APPOINTMENT:
        return appointment_words(row.appointment_kind, row.text)
    if row.step.anchor == Anchor.CASE:
        return _("service case: %(text)s") % {"text": mask_in_text(row.text)}
    if row.step.anchor == Anchor.SATISFACTION:
        return _("ask how satisfied: %(text)s") % {"text": mask_in_text(row.text)}
    if row.step.anchor == Anchor.LEAD and row.text:
        return _("answer the lead: %(need)s") % {"need": mask_in_text(row.text)}
    if row.step.anchor == Anchor.LEAD:
        return _("answer the lead")
    if row.step.anchor == Anchor.CAMPAIGN and row.goods:
        return _("call about %(goods)s") % {"goods": mask_in_text(row.text)}
    if row.step.anchor == Anchor.CAMPAIGN and row.text:
        return _("invite to %(campaign)s") % {"campaign": mask_in_text(row.text)}
    if row.step.anchor == Anchor.CAMPAIGN_NEWS and row.starts_at is not None:
        return _news(row, row.starts_at.astimezone(zone), now=now)
    if row.step.anchor == Anchor.FILING and row.filing_days is not None:
        return _("%(days)s-day follow-up") % {"days": row.filing_days}
    return labelled(occurrence_name(row.step, row.occurrence), _of_order(row))


def _of_order(row: Reason) -> str:
    """Which order it is about; "" where it is about none."""
    return mask_in_text(row.order_text or "")


def why(task: TaskOfDay, *, now: datetime) -> str:
    """What a task is for, joined from its obligations; and why it was moved, where it was."""
    zone = task.customer.store.tzinfo
    names = [_words(row, now=now, zone=zone) for row in task.reasons]
    # Translators: stands between the reasons of one task.
    sentence = _(", ").join(dict.fromkeys(names))
    if task.moved_reason:
        moved = task.get_moved_reason_display()
        sentence = _("%(reasons)s (moved: %(why)s)") % {"reasons": sentence, "why": moved}
    return sentence


def orders_of(task: TaskOfDay) -> tuple[OrderLink, ...]:
    """The orders that a task is about, each once: several by their numbers, with which their texts
    begin; one alone needs none.
    """
    named = {row.order_path: _of_order(row) for row in task.reasons if row.order_path}
    return tuple(
        OrderLink(
            url=url, label=(name if len(named) > 1 else "").partition(" ")[0] or _("The order")
        )
        for url, name in named.items()
    )


def left_of(task: Task, *, now: datetime) -> TimeLeft:
    """The time left of a task, in its store's zone."""
    return time_left(
        due_at=task.due_at,
        is_timed=task.is_timed,
        has_hour_limit=task.has_hour_limit,
        now=now,
        zone=task.customer.store.tzinfo,
    )


def url_of(task: TaskOfDay, *, reach: Reach, kept: dict[str, str]) -> str:
    """Where the verb leads: the letter, the form, or the card for somebody who only reads."""
    if not reach.may_serve:
        return reverse("desk:customer", args=[task.customer_id])
    if task.letter is not None:
        return letter_url(task)
    if (invited := invitation_of(task)) is not None:
        return reverse("desk:invitation", args=[invited])
    booked = booked_of(task)
    if booked is not None and booked.way == Way.MEASURING:
        return measure_url(task.customer_id, booked.subject_id)
    if booked is None and (address := _case_url(task)):
        return address
    return log_url(task.customer_id, task_id=task.pk, kept=kept)


def _case_url(task: TaskOfDay) -> str:
    """The page of the case that the task is for, or the form of how satisfied its customer is."""
    cases = {row.step.anchor: row.subject_id for row in reversed(task.reasons)}
    if Anchor.CASE in cases:
        return reverse("followups:case", args=[cases[Anchor.CASE]])
    if Anchor.SATISFACTION in cases:
        return reverse("followups:case_act", args=[cases[Anchor.SATISFACTION], "rate"])
    return ""


def letter_url(task: Task) -> str:
    """Where a letter is printed, or a greeting written."""
    if task.letter is not None and task.letter.way == Way.GREETING:
        asked = urlencode({"occasion": "birthday", "who": str(task.pk)})
        return f"{reverse('followups:greetings')}?{asked}"
    return reverse("followups:letter", args=[task.pk])


def invitation_of(task: TaskOfDay) -> int | None:
    """The invitation that a task is for, where it is for nothing else; to tell that there will be
    no event needs none.
    """
    rows = [
        row
        for row in task.reasons
        if row.step.anchor == Anchor.CAMPAIGN
        or (row.step.anchor == Anchor.CAMPAIGN_NEWS and row.campaign_state in RUNNING_CAMPAIGNS)
    ]
    return rows[0].subject_id if rows and len(rows) == len(task.reasons) else None


def measure_url(customer_id: int, appointment_id: int) -> str:
    """Where a home that was booked to be measured is measured."""
    address = reverse("followups:measure", args=[customer_id])
    return f"{address}?{urlencode({'appointment': appointment_id})}"


def log_url(customer_id: int, *, task_id: int | None = None, kept: dict[str, str]) -> str:
    """The form for one customer; `kept` says to which list one comes back."""
    asked = {**({"task": str(task_id)} if task_id else {}), **kept}
    address = reverse("followups:log", args=[customer_id])
    return f"{address}?{urlencode(asked)}" if asked else address


def survey_url(customer_id: int, *, asked: Mapping[str, str]) -> str:
    """The form of a survey, with what the address of the plain form asked."""
    kept = {name: value for name, value in asked.items() if value and name != "plain"}
    return f"{reverse('followups:survey', args=[customer_id])}?{urlencode(kept)}"


def call_url_of(customer_id: int) -> str:
    """The POST that counts the call and answers with the number."""
    return reverse("desk:reveal", args=[customer_id])


def _keeper_of(task: TaskOfDay, reach: Reach) -> str:
    """Whose the task is; for whom one does it where one assists them or stands in."""
    if task.assignee is None:
        return _("no keeper")
    if task.assignee_id in reach.assists:
        return _("for %(name)s") % {"name": task.assignee.name}
    return task.assignee.name


def _advice_on(task: TaskOfDay, way: Way, facts: GuardFacts, now: datetime) -> list[Blocker]:
    """What speaks against doing this task now, as a call or visit."""
    channel = CHANNELS.get(way)
    if channel is None or task.letter_id is not None:
        return []
    attempt = Attempt(at=now, channel=channel, **allowed_by(task, now=now))
    return rules.pestering(attempt=attempt, facts=facts)


def _note_on(advice: Iterable[Blocker]) -> str:
    """What a row says beside its reason: who has reached them, or when they may be called."""
    for objection in advice:
        if objection.code == "contacted_lately":
            return already_reached(objection)
        if objection.code == "outside_hours":
            return hours_words(objection)
    return ""


def row_of(
    task: TaskOfDay,
    *,
    reach: Reach,
    now: datetime,
    kept: dict[str, str],
    is_up: bool,
    facts: GuardFacts | None = None,
) -> Row:
    """One task as its row; `facts` is what the guard knows of its customer."""
    way = way_of(task)
    verb, icon = VERBS[way] if reach.may_serve else (_("Open"), "")
    if way == Way.CALL and reach.may_serve and not task.has_phone:
        verb, icon = LOG_IT
    advice = _advice_on(task, way, facts, now) if facts is not None else []
    calls = way == Way.CALL and reach.may_serve and reach.may_reveal and task.has_phone
    return Row(
        task_id=task.pk,
        customer_id=task.customer_id,
        name=mask_in_text(task.customer.name),
        title=task.customer.shown_title,
        grade=task.customer.grade,
        why=why(task, now=now),
        due=left_of(task, now=now),
        verb=str(verb),
        verb_icon=icon,
        url=url_of(task, reach=reach, kept=kept),
        call_url=call_url_of(task.customer_id) if calls else "",
        keeper=_keeper_of(task, reach),
        is_up=is_up,
        note=_note_on(advice),
        asks=bool(advice),
        orders=orders_of(task),
    )


def _hour_of(task: TaskOfDay) -> tuple[int, time]:
    is_waiting = task.kind == Kind.WAITING
    return task.kind, (task.customer.contact_from if is_waiting else None) or time()


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of one kind, under its true total."""

    key: int
    label: str
    count: int
    rows: list[Row]


def groups_of(
    tasks: Iterable[TaskOfDay],
    *,
    counts: Mapping[Kind, int],
    reach: Reach,
    now: datetime,
    kept: dict[str, str],
    up_id: int | None,
    figures: Parameters,
) -> list[Group]:
    """The day's tasks under the words of their kinds, in the order in which they come; who may be
    called later today by the hour.
    """
    shown = sorted(tasks, key=_hour_of)  # stable: only those who wait change places
    customers = [task.customer for task in shown] if reach.may_serve else []
    facts = guard_facts_of(customers, at=now, figures=figures)
    rows: dict[Kind, list[Row]] = {}
    for task in shown:
        row = row_of(
            task,
            reach=reach,
            now=now,
            kept=kept,
            is_up=task.pk == up_id,
            facts=facts.get(task.customer_id),
        )
        rows.setdefault(Kind(task.kind), []).append(row)
    return [
        Group(key=int(kind), label=str(KIND_WORDS[kind]), count=counts.get(kind, 0), rows=found)
        for kind, found in rows.items()
    ]
