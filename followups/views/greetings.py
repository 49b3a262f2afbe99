"""Greetings: whose turn it is, with a text of their own, sent one at a time alone (FUP-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.days import day_text
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Customer, HouseholdMember, KeyPerson
from customers.states import Relation
from followups import wording
from followups.forms.greetings import GreetingForm
from followups.models import Task, Wording
from followups.queries import greetings as queries
from followups.queries.greetings import BirthdayTask, GreetedCustomer, OpenOccasion
from followups.rules import wordings as wording_rules
from followups.services import greetings as services
from followups.states import Occasion, SentBy, Whom
from followups.wording import Signature
from staff.access import only, signed_in
from staff.models import Person
from staff.requests import Request
from staff.scope import SERVING_ROLES

PAGE_SIZE = 30
WAYS = (SentBy.SMS, SentBy.WECHAT, SentBy.CARD, SentBy.SPOKEN)
RELATIONS = {
    Relation.SPOUSE: gettext_lazy("your spouse"),
    Relation.PARENT: gettext_lazy("your parent"),
    Relation.CHILD: gettext_lazy("your child"),
    Relation.SIBLING: gettext_lazy("your brother or sister"),
    Relation.OTHER: gettext_lazy("your family"),
}


@dataclass(frozen=True, kw_only=True)
class Evening:
    """What one person greets for now: by their store's clock."""

    now: datetime
    today: date
    zone: ZoneInfo
    occasions: Sequence[OpenOccasion]

    def named(self, slug: str) -> OpenOccasion | None:
        return next((each for each in self.occasions if each.slug == slug), None)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One customer whose turn it is: `pk` names the row, a task for a birthday, else the card."""

    pk: int
    customer: Customer
    whom: Whom | str
    why: str
    signature: Signature
    has_phone: bool
    owned: str = ""
    wanted: str = ""
    occasion: str = ""
    day: str = ""
    on: date | None = None


def evening_of(request: Request) -> Evening:
    """What is to be greeted for where this person works."""
    now = timezone.now()
    store = request.user.store
    zone = store.tzinfo if store else ZoneInfo(timezone.get_default_timezone_name())
    occasions = queries.open_occasions(now=now, zone=zone)
    return Evening(now=now, today=now.astimezone(zone).date(), zone=zone, occasions=occasions)


def label_of(occasion: OpenOccasion) -> str:
    """Friday greeting, Mid-Autumn Festival, Birthday."""
    names = [festival.name for festival in occasion.festivals]
    return _(", ").join(names) if names else str(occasion.kind.label)


@only(SERVING_ROLES)
@never_cache
@require_safe
def greetings(request: Request) -> HttpResponse:
    """Today's occasions, and for the chosen one the next customer with a text."""
    evening = evening_of(request)
    asked = request.GET.get("occasion", "")
    occasion = evening.named(asked) or evening.occasions[0]
    return _page(request, evening, occasion, chosen=_number(request.GET.get("who")))


@signed_in
@never_cache
@require_safe
def greetings_waiting(request: Request) -> HttpResponse:
    """The strip of the day that says how many greetings are left; it asks for itself."""
    strips: list[dict[str, object]] = []
    if request.reach.has_role(SERVING_ROLES):
        evening = evening_of(request)
        counts = _counts(request, evening)
        strips = [
            {
                "label": label_of(occasion),
                "done": counts[occasion.slug][0],
                "total": counts[occasion.slug][1],
                "url": _address(occasion),
            }
            for occasion in evening.occasions
            if counts[occasion.slug][0] < counts[occasion.slug][1]
        ]
    return TemplateResponse(request, "followups/greetings_strip.html", {"strips": strips})


@only(SERVING_ROLES)
@require_POST
def send_greeting(request: Request, occasion: str, pk: int) -> HttpResponse:
    """Note that one greeting to one customer went out; `pk` is the card's, or a birthday's task."""
    evening = evening_of(request)
    found = evening.named(occasion)
    if found is None:
        messages.warning(request, _("The time for this greeting is over. Nothing was noted."))
        return redirect("followups:greetings")
    form = GreetingForm(request.POST)
    turn = _turn_named(request, evening, found, pk)
    if not form.is_valid():
        return _page(request, evening, found, chosen=pk, form=form)
    try:
        _send(request, found, turn, form.cleaned_data, evening.now)
    except Refused as refusal:
        for sentence in refusal.sentences():
            form.add_error(None, sentence)
        return _page(request, evening, found, chosen=pk, form=form)
    done, total = _counts(request, evening, only=found)[found.slug]
    said = {"name": wording.called(turn.customer), "done": done, "total": total}
    messages.success(request, _("%(name)s: sent. %(done)s of %(total)s.") % said)
    return redirect(_address(found))


def _send(
    request: Request,
    occasion: OpenOccasion,
    turn: Turn,
    said: Mapping[str, Any],
    now: datetime,
) -> None:
    told = {
        "text": said["text"],
        "way": SentBy(said["way"]),
        "signature": turn.signature,
        "by": request.user,
        "now": now,
    }
    if occasion.kind == Occasion.BIRTHDAY:
        task = Task.objects.get(pk=turn.pk)
        services.send_birthday_greeting(task=task, **told)
    else:
        services.send_greeting(
            customer=turn.customer, occasion=occasion.kind, on=occasion.on, **told
        )


def _number(text: str | None) -> int | None:
    known = text or ""
    return int(known) if known.isascii() and known.isdecimal() and len(known) < 19 else None


def _address(occasion: OpenOccasion, **more: int) -> str:
    asked: dict[str, str | int] = {"occasion": occasion.slug, **more}
    return f"{reverse('followups:greetings')}?{urlencode(asked)}"


def _counts(
    request: Request, evening: Evening, only: OpenOccasion | None = None
) -> dict[str, tuple[int, int]]:
    return queries.counts_of(
        request.reach,
        [only] if only else evening.occasions,
        today=evening.today,
        zone=evening.zone,
    )


def _signer(customer: Customer, person: Person | None, request: Request) -> Signature:
    """The keeper signs, whoever taps: an assistant writes in their name."""
    signer = person or customer.owner or request.user
    return wording.signature_of(sender=signer.name, store=customer.store)


def _turn_of_card(request: Request, occasion: OpenOccasion, row: GreetedCustomer) -> Turn:
    return Turn(
        pk=row.pk,
        customer=row,
        whom=row.whom,
        why=str(Whom(row.whom).label),
        signature=_signer(row, row.owner, request),
        has_phone=row.has_phone,
        owned=row.owned_name or "",
        wanted=row.wanted_name or "",
        occasion=label_of(occasion),
        day=day_text(occasion.on),
    )


def _turn_of_task(
    request: Request, task: BirthdayTask, somebody: HouseholdMember | KeyPerson | None
) -> Turn:
    who = _whose(somebody)
    return Turn(
        pk=task.pk,
        customer=task.customer,
        whom=Whom.FAMILY if somebody else Whom.SELF,
        why=_("%(whose)s birthday, %(day)s") % {"whose": who, "day": day_text(task.day)}
        if somebody
        else _("Birthday, %(day)s") % {"day": day_text(task.day)},
        signature=_signer(task.customer, task.assignee, request),
        has_phone=task.has_phone,
        occasion=_("%(whose)s birthday") % {"whose": who} if somebody else _("your birthday"),
        day=day_text(task.day),
        on=task.day,
    )


def _whose(somebody: HouseholdMember | KeyPerson | None) -> str:
    """your spouse 李娜's; 您爱人李娜的."""
    if somebody is None:
        return ""
    name = mask_in_text(somebody.name)
    if isinstance(somebody, KeyPerson):
        return _("%(name)s's") % {"name": name}
    relation = str(RELATIONS[Relation(somebody.relation)])
    if not name:
        return _("%(relation)s's") % {"relation": relation}
    return _("%(relation)s %(name)s's") % {"relation": relation, "name": name}


def _turn_named(request: Request, evening: Evening, occasion: OpenOccasion, pk: int) -> Turn:
    """The row that is to be sent, greeted or not; out of reach it does not exist (404)."""
    if occasion.kind == Occasion.BIRTHDAY:
        task = get_object_or_404(queries.tasks_to_greet(request.reach), pk=pk)
        return _turn_of_task(request, task, queries.whose_birthdays([task])[task.pk])
    rows = queries.with_text_facts(
        queries.key_customers(request.reach, occasion=occasion, today=evening.today)
    )
    return _turn_of_card(request, occasion, get_object_or_404(rows, pk=pk))


def _turns(request: Request, evening: Evening, occasion: OpenOccasion, rows: Any) -> list[Turn]:
    if occasion.kind == Occasion.BIRTHDAY:
        tasks = list(rows)
        people = queries.whose_birthdays(tasks)
        return [_turn_of_task(request, task, people[task.pk]) for task in tasks]
    return [_turn_of_card(request, occasion, row) for row in rows]


def _rows(request: Request, evening: Evening, occasion: OpenOccasion) -> Any:
    if occasion.kind == Occasion.BIRTHDAY:
        return queries.birthday_tasks(request.reach, today=evening.today)
    return queries.with_text_facts(
        queries.still_to_greet(
            request.reach, occasion=occasion, today=evening.today, zone=evening.zone
        )
    )


def _page(
    request: Request,
    evening: Evening,
    occasion: OpenOccasion,
    *,
    chosen: int | None,
    form: GreetingForm | None = None,
) -> HttpResponse:
    """The tabs, how far one is, who is up with their text, and who comes after."""
    counts = _counts(request, evening)
    done, total = counts[occasion.slug]
    pages = Paginator(_rows(request, evening, occasion), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    turns = _turns(request, evening, occasion, page.object_list)
    up = next((turn for turn in turns if turn.pk == chosen), None)
    if up is None and chosen is not None:
        up = _turn_or_none(request, evening, occasion, chosen)
    up = up or next(iter(turns), None)
    context = {
        "day_text": day_text(evening.today),
        "tabs": [_tab(each, counts[each.slug], each == occasion) for each in evening.occasions],
        "label": label_of(occasion),
        "done": done,
        "total": total,
        "up": _up(request, evening, occasion, up, form) if up else None,
        "rows": [_row(occasion, turn) for turn in turns if turn != up],
        "more_url": _address(occasion, page=page.next_page_number()) if page.has_next() else "",
        "less_url": _address(occasion) if page.number > 1 else "",
        "is_friday": occasion.kind == Occasion.FRIDAY,
    }
    return TemplateResponse(request, "followups/greetings.html", context)


def _turn_or_none(
    request: Request, evening: Evening, occasion: OpenOccasion, pk: int
) -> Turn | None:
    try:
        return _turn_named(request, evening, occasion, pk)
    except Http404:
        return None


def _tab(occasion: OpenOccasion, counts: tuple[int, int], is_current: bool) -> dict[str, object]:
    done, total = counts
    return {
        "label": label_of(occasion),
        "count": f"{done}/{total}",
        "url": _address(occasion),
        "is_current": is_current,
    }


def _row(occasion: OpenOccasion, turn: Turn) -> dict[str, object]:
    return {
        "name": turn.customer.shown_name,
        "title": turn.customer.shown_title,
        "grade": turn.customer.grade,
        "why": turn.why,
        "url": _address(occasion, who=turn.pk),
    }


def _up(
    request: Request,
    evening: Evening,
    occasion: OpenOccasion,
    turn: Turn,
    form: GreetingForm | None,
) -> dict[str, object]:
    """The one whose turn it is: the text, other wordings for it, and the ways it may go."""
    found = wording.fitting(
        queries.wordings_for(occasion), trade=turn.customer.store.trade, to=turn.whom
    )
    at = _chosen_wording(request, evening, turn, found)
    if form is None:
        form = GreetingForm(initial={"text": _text(turn, found[at] if found else None)})
    following = found[(at + 1) % len(found)] if len(found) > 1 else None
    is_task = occasion.kind == Occasion.BIRTHDAY
    is_early = turn.on is not None and turn.on > evening.today
    can_call = turn.has_phone and request.reach.may_reveal
    return {
        **_row(occasion, turn),
        "customer_id": turn.customer.pk,
        "send_url": reverse("followups:send_greeting", args=[occasion.slug, turn.pk]),
        "sms_url": reverse("desk:write_message", args=[turn.customer.pk]) if can_call else "",
        "form": form,
        "not_yet": _("The birthday is on %(day)s. Send the greeting then.") % {"day": turn.day}
        if is_early
        else "",
        "ways": [(way.value, str(way.label)) for way in WAYS],
        "wording": found[at].name if found else "",
        "next_wording_url": _address(occasion, who=turn.pk, wording=following.pk)
        if following
        else "",
        "skip_url": reverse("followups:task_skip", args=[turn.pk]) if is_task else "",
    }


def _chosen_wording(
    request: Request, evening: Evening, turn: Turn, found: Sequence[Wording]
) -> int:
    """The wording the address asks for; else another one each week and customer."""
    asked = _number(request.GET.get("wording"))
    ids = [row.pk for row in found]
    if asked in ids:
        return ids.index(asked)
    week = evening.today.toordinal() // 7
    return wording_rules.turn_of(customer_id=turn.customer.pk, week=week, count=len(found))


def _text(turn: Turn, chosen: Wording | None) -> str:
    about: dict[str, Any] = {
        "customer": turn.customer, "signature": turn.signature, "whom": turn.whom,
        "owned": turn.owned, "wanted": turn.wanted, "occasion": turn.occasion, "day": turn.day,
    }  # fmt: skip
    body = wording.greeting_of(chosen, **about) if chosen else ""
    return wording.whole_text(body, customer=turn.customer, signature=turn.signature)
