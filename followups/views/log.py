"""The fifteen-second form."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import day_text, moment_text
from core.phones import Phone
from core.phones.text import mask_in_text
from core.refusals import Refused
from core.rules import Blocker
from core.services.sent import arrived
from customers.models import Contact, OwnedProduct
from customers.queries.appointments import people_for
from customers.services import NumberNotLookedUp, look_up_number
from customers.states import Quiet
from followups import queries, rules, services
from followups.diary import hours_text
from followups.filed_panel import filed_panel
from followups.forms import BranchesForm, ContactForm
from followups.forms.branches import FIELDS_OF_CODES
from followups.guard_panel import Asked, GuardPanel, panel_for
from followups.queries import PlaceInDay
from followups.queries.closing import may_close
from followups.queries.giving_up import filings_given_up
from followups.queries.guarding import override_given
from followups.queries.surveys import OF_A_VISIT, survey_of, to_be_told
from followups.rows import (
    booked_of,
    call_url_of,
    left_of,
    log_url,
    orders_of,
    survey_url,
    way_of,
    why,
)
from followups.scripts import panel_of
from followups.services import Logged
from followups.services.branches import Branches
from followups.states import Anchor, State, Way
from followups.views.at_hand import LogPage, open_page
from followups.views.fetching import get_customer_for
from followups.views.lists import CHOICES
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import REASSIGNING_ROLES, SERVING_ROLES


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Request, pk: int) -> HttpResponse:
    """Log one contact; afterwards the next person of the list is up."""
    customer = get_customer_for(request, pk)
    page = open_page(request, customer)
    if request.method != "POST" and page.task is not None:
        if page.task.letter_id is not None:
            return redirect("followups:letter", page.task.pk)
        if page.task.state != State.OPEN:
            messages.info(request, _("This task is done already."))
            return redirect(page.day.address())
        if "plain" not in request.GET and survey_of(page.task.reasons):
            return redirect(survey_url(pk, asked=request.GET.dict()))
    form, branches = _form(request, page), branches_of(request, page, asks_renewal=True)
    if request.method == "POST" and all([form.is_valid(), branches.is_valid()]):
        try:
            logged = services.log_and_tell(
                told=form.told,
                branches=branches.branches() if form.is_reached else Branches(),
                customer=customer,
                task=page.task,
                on_behalf_of=page.spoken_for,
                by=request.user,
                now=page.day.now,
                **form.cleaned_data,
            )
        except Refused as refusal:
            show_where_typed(request, form, branches, refusal)
        else:
            say_logged(request, logged)
            return arrived(redirect(next_address(request, page)), draft_of(page))
    context = {
        **context_of(request, page, form),
        "branches": branches,
        "survey_url": _survey_url(request, page),
    }
    return TemplateResponse(request, "followups/log.html", context)


def _form(request: Request, page: LogPage) -> ContactForm:
    form = ContactForm(request.POST if request.method == "POST" else None, **terms_of(page))
    reasons = page.task.reasons if page.task else ()
    form.ask_told(to_be_told(survey_of(reasons), trade=page.customer.store.trade))
    propose(form, page)
    form.expect(request.GET.get("result", ""))
    return form


def propose(form: ContactForm, page: LogPage) -> None:
    """What is booked is the next step that an empty form proposes; what was sent says its own."""
    if not form.is_bound and page.booked is not None:
        form.agree_on(page.booked)


def branches_of(
    request: Request, page: LogPage, *, asked: Sequence[str] = (), asks_renewal: bool = False
) -> BranchesForm:
    """What else may come of the call; `asked`: what the form around asks for itself;
    `asks_renewal`: its page asks first what a call about an insurance is for.
    """
    return BranchesForm(
        request.POST if request.method == "POST" else None,
        customer=page.customer,
        people=people_for(page.customer, by=request.reach.person_id),
        products=page.owned,
        today=page.customer.store.today(page.day.now),
        asked=asked,
        renewing=_renewing(page) if asks_renewal else None,
    )


def _renewing(page: LogPage) -> OwnedProduct | None:
    """The product whose insurance the task at hand is about."""
    reasons = page.task.reasons if page.task else ()
    due = {row.subject_id for row in reasons if row.step.anchor == Anchor.INSURANCE}
    return next((product for product in page.owned if product.pk in due), None)


def show_where_typed(
    request: Request, form: ContactForm, branches: BranchesForm, refusal: Refused
) -> None:
    """Put each reason of a refusal at the field it speaks of, in whichever form that stands."""
    sentences = refusal.sentences()
    for at, blocker in enumerate(refusal.blockers):
        name = blocker.params.get("field") or form.field_of(blocker.code)
        name = name or FIELDS_OF_CODES.get(blocker.code)
        sentence = sentences[at]
        if "phone" in blocker.params:
            sentence = _counted(request, blocker) or sentence
        holder: forms.Form = branches if name in branches.fields else form
        holder.add_error(str(name) if name in holder.fields else None, sentence)


def _counted(request: Request, blocker: Blocker) -> str:
    """That a number is known counts as looking it up; past the limit only that is said."""
    phone = cast(Phone, blocker.params["phone"])
    try:
        look_up_number(phone=phone, by=request.user, now=timezone.now())
    except NumberNotLookedUp as limit:
        return str(limit)
    return ""


def _survey_url(request: Request, page: LogPage) -> str:
    """To what the task asks, else to what any visit may ask (AFT-07); "" for a call of care that
    asks nothing, to which the questions of a visit would not fit.
    """
    code = survey_of(page.task.reasons) if page.task else ""
    is_call_of_care = page.task and page.task.is_care and way_of(page.task) != Way.HOME_VISIT
    if not code and is_call_of_care:
        return ""
    asked = {**request.GET.dict(), "code": code or OF_A_VISIT}
    return survey_url(page.customer.pk, asked=asked)


def _cadence_days(page: LogPage) -> int:
    grade = rules.cadence_grade(page.customer.grade)
    return queries.cadence_days().get(grade, rules.PLAIN_GAP)


def terms_of(page: LogPage) -> dict[str, Any]:
    """What a form of a contact has to know of the customer and the task."""
    return {
        "customer": page.customer,
        "way": way_of(page.task) if page.task else Way.CALL,
        "has_bought": bool(page.ever_owned),
        "is_care": bool(page.task and page.task.is_care),
        "cadence_days": lambda: _cadence_days(page),
        "today": page.customer.store.today(page.day.now),
    }


def _guard(request: Request, page: LogPage, form: ContactForm) -> GuardPanel:
    """What speaks against this contact; the reason given before the call is not asked again."""
    now = page.day.now
    asked = Asked(ways=form.ways, missed=form.missed, reason=form.own_reason)
    panel = panel_for(page.customer, task=page.task, asked=asked, now=now)
    if panel.worn:
        form.mark_worn(panel.worn)
    if panel.chosen:
        form.answer_guard(override_given(page.customer, by=request.user, now=now))
    if panel.wishes_no_contact and request.user.role not in REASSIGNING_ROLES:
        form.offer_need_alone()
    return panel


def _place(page: LogPage) -> PlaceInDay | None:
    if page.task is None:
        return None
    return queries.place_in_day(
        page.day.tasks,
        page.task.pk,
        now=page.day.now,
        today=page.day.today,
        only_overdue=page.day.only_overdue,
    )


def context_of(request: Request, page: LogPage, form: ContactForm) -> dict[str, object]:
    place, customer = _place(page), page.customer
    next_task = place.next_task_id if place else None
    is_silent = customer.quiet == Quiet.ALL
    guard = _guard(request, page, form)
    return {
        "customer": {
            "pk": customer.pk,
            "name": customer.shown_name,
            "title": customer.shown_title,
            "grade": customer.grade,
            "phone_masked": customer.phone or "",
        },
        "why": why(page.task, now=page.day.now) if page.task else "",
        "due": left_of(page.task, now=page.day.now) if page.task else None,
        "last_contacts": [_told(contact, page) for contact in page.last_contacts],
        "form": form,
        "draft": draft_of(page),
        "unreached": form.unreached,
        "back_url": _back_url(page),
        "position": f"{place.position} / {place.total}" if place else "",
        "next_person": mask_in_text(place.next_name) if place else "",
        "next_task": _posted_next(request) or next_task or "",
        "guard": guard,
        "walked_in_when": _walked_in_when(page),
        "close_url": _close_url(page, guard),
        "quiet_url": _quiet_url(page),
        "task_id": page.task.pk if page.task else "",
        "orders": orders_of(page.task) if page.task else (),
        "call_url": call_url_of(customer.pk) if customer.phone and not is_silent else "",
        "wishes_silence": is_silent,
        "spoken_for": page.spoken_for.name if page.spoken_for else "",
        "change_url": _change_url(page),
        "booked": _booked_words(page),
        "book_url": _book_url(page),
        "given_up": _given_up(page, by=request.user),
        "script": panel_of(customer=customer, task=page.task, by=request.user),
        "filed": filed_panel(
            customer,
            holders=[page.spoken_for.pk if page.spoken_for else request.user.pk],
            now=page.day.now,
        ),
    }


def _given_up(page: LogPage, *, by: Person) -> str:
    """The numbers of the filings that grade D would release, to be said before the tap."""
    found = filings_given_up(page.customer, by=by, now=page.day.now, on_behalf_of=page.spoken_for)
    return _(", ").join(filing.number for filing in found)


def _walked_in_when(page: LogPage) -> str:
    """The answer by which the customer came by themselves: nobody had agreed on a visit."""
    way = way_of(page.task) if page.task else Way.CALL
    return "result:came" if way in (Way.CALL, Way.WECHAT) else ""


def _close_url(page: LogPage, guard: GuardPanel) -> str:
    """Where the task is closed by the contact that somebody had with the customer already."""
    if page.task is None or not may_close(page.task, guard.contact_id, now=page.day.now):
        return ""
    return reverse("followups:close_with", args=[page.task.pk, guard.contact_id])


def _quiet_url(page: LogPage) -> str:
    """Where the wish for silence is written down or taken back; from there one comes back here."""
    asked = {"then": "log", **({"task": str(page.task.pk)} if page.task else {})}
    return f"{reverse('desk:quiet', args=[page.customer.pk])}?{urlencode(asked)}"


def draft_of(page: LogPage) -> str:
    """What the browser keeps the form's draft under: one task's never fills another's form."""
    return f"log:{page.customer.pk}:{page.task.pk if page.task else ''}"


def _booked_words(page: LogPage) -> str:
    """Test drive, 14 Mar (Sat) 10:00–11:00."""
    row = page.booked
    if row is None:
        return ""
    zone = page.customer.store.tzinfo
    day = day_text(row.starts_at.astimezone(zone).date(), today=page.day.today)
    return f"{row.get_kind_display()} {day} {hours_text(row, zone)}"


def _book_url(page: LogPage) -> str:
    """Where an hour, a car and a place are booked; from there one comes back to this form."""
    asked = {"then": "log", **({"task": str(page.task.pk)} if page.task else {})}
    address = reverse("followups:book_appointment", args=[page.customer.pk])
    return f"{address}?{urlencode(asked)}"


def _change_url(page: LogPage) -> str:
    """Where the task is put off: an appointment on its own page."""
    if page.task is None:
        return ""
    booked = booked_of(page.task)
    if booked is not None and len(page.task.reasons) == 1:
        return reverse("followups:appointment", args=[booked.subject_id])
    return reverse("followups:task_move", args=[page.task.pk])


def _told(contact: Contact, page: LogPage) -> dict[str, str]:
    """A contact as it is read before the next one (FUP-14)."""
    words = contact.get_outcome_display()
    if contact.reached:
        words = contact.get_channel_display()
    if contact.is_inbound:
        words = _("%(way)s, they came to us") % {"way": words}
    text = mask_in_text(contact.note) or contact.get_reason_display()
    if contact.next_text:
        text = f"{text} → {mask_in_text(contact.next_text)}"
    return {
        "when": moment_text(contact.occurred_at, now=page.day.now),
        "result": words,
        "text": text,
    }


def _back_url(page: LogPage) -> str:
    if page.task is None:
        return reverse("desk:customer", args=[page.customer.pk])
    return page.day.address()


def _posted_next(request: Request) -> int | None:
    """Who was up next when the form was drawn: the answer to a form sent twice stays the same."""
    asked = request.POST.get("next_task", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None


def next_address(request: Request, page: LogPage) -> str:
    """The next person of the list; without one the list, or the card one came from."""
    asked = _posted_next(request)
    kept = {name: request.GET[name] for name in CHOICES if request.GET.get(name)}
    if asked is not None:
        task = queries.visible(request.reach).filter(pk=asked, state=State.OPEN).first()
        if task is not None:
            return log_url(task.customer_id, task_id=task.pk, kept=kept)
    return _back_url(page)


def say_logged(request: Request, logged: Logged) -> None:
    """One quiet line with the way back, while there is one (decision 12)."""
    contact = logged.contact
    messages.success(
        request,
        format_html(
            '{} <a class="link" href="{}">{}</a>',
            _("Logged: %(name)s.") % {"name": contact.customer.shown_name},
            reverse("followups:void_contact", args=[contact.pk]),
            _("Take back"),
        ),
    )
