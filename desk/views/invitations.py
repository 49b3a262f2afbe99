"""One guest: their own text, sent alone; what they say; the ticket with which they come."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text, moment_text
from core.phones import mask_in_text
from core.refusals import Refused
from core.web_address import outside
from customers.models import Customer
from desk.campaign_words import called_off_words, nobody_left
from desk.forms.campaigns import TALKED, AnswerForm, SendForm
from desk.tickets import qr_code
from desk.views.campaigns import get_campaign_for
from followups import rules, wording
from followups.forms.chips import step_chips
from followups.guard_panel import Asked, GuardPanel, panel_for
from followups.models import Invitation
from followups.queries import cadence_days
from followups.queries import campaigns as queries
from followups.queries.guarding import override_given
from followups.rules import wordings as wording_rules
from followups.services import Pestering
from followups.services import invitations as services
from followups.services.foreseeing import REASON
from followups.states import RUNNING_CAMPAIGNS, Answer, CampaignKind, Withheld
from followups.wording import Signature
from orders.queries.campaigns import figures_of
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, REASSIGNING_ROLES, REVEALING_ROLES, Reach

# What is refused of the day on which a guest is called next.
THEN_CODES = ("step_missing", "next_day_is_past", "next_day_is_too_far")
# An answer agrees on a visit or a call by itself: there is no next step to choose here.
PROMISES_NOTHING = gettext_lazy(
    "They wish no contact, and no case or delivery is open: a talk that we begin agrees on no "
    "visit and no call. Choose “Only note it”, or tick “They came to us” if they did."
)


def get_invitation_for(reach: Reach, pk: int) -> Invitation:
    """The guest `pk` whose card lies within reach; a stranger's does not exist (404). One who stood
    on a card that was merged is the guest of the card that was kept.
    """
    rows = queries.visible_invitations(reach).select_related(
        "campaign__store", "customer__store", "customer__owner", "assignee", "sent_by",
        "attended_noted_by", "invited_by",
    )  # fmt: skip
    found = rows.filter(pk=pk).first() or rows.filter(pk=queries.guest_that_stands(pk)).first()
    if found is None:
        raise Http404
    return found


def signature_for(request: Request, guest: Invitation) -> Signature:
    """The one who asks signs; nobody's guest is signed by whoever writes."""
    signer = guest.assignee or guest.customer.owner or request.user
    return wording.signature_of(sender=signer.name, store=guest.customer.store)


@only(CUSTOMER_ROLES)
@never_cache
@require_safe
def invitation(request: Request, pk: int) -> HttpResponse:
    """One guest with the text that is theirs."""
    return _page(request, get_invitation_for(request.reach, pk))


@only(CUSTOMER_ROLES)
@never_cache
@require_safe
def next_guest(request: Request, pk: int) -> HttpResponse:
    """On to the next guest of this person who was not asked yet."""
    campaign = get_campaign_for(request.reach, pk)
    guests = queries.visible_invitations(request.reach)
    following = queries.next_to_ask(guests, campaign, by=request.reach.acts_for)
    if following is None:
        told = figures_of(guests, [pk])[pk]
        messages.info(request, nobody_left(campaign, told))
        return redirect("desk:campaign", pk=pk)
    return redirect("desk:invitation", pk=following.pk)


@only(REVEALING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def send_invitation(request: Request, pk: int) -> HttpResponse:
    """Note that this one invitation went out; the address of a refused form leads to the guest."""
    if request.method != "POST":
        return redirect("desk:invitation", pk=pk)
    guest = get_invitation_for(request.reach, pk)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            services.send_invitation(
                invitation=guest,
                text=form.cleaned_data["text"],
                signature=signature_for(request, guest),
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(
                request, _("The invitation to %(name)s is sent.") % {"name": _called(guest)}
            )
            return redirect("desk:invitation", pk=pk)
    return _page(request, guest, send=form)


@only(REVEALING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_invitation(request: Request, pk: int) -> HttpResponse:
    """Note what the guest says; the address of a refused form leads to the guest."""
    if request.method != "POST":
        return redirect("desk:invitation", pk=pk)
    guest = get_invitation_for(request.reach, pk)
    form = _answer_form(request, guest, request.POST)
    if form.is_valid():
        said, talk = form.cleaned_data, form.talk()
        if talk["channel"] and not request.reach.may_serve:
            raise PermissionDenied
        try:
            services.answer_invitation(
                invitation=guest,
                answer=Answer(said["answer"]),
                key=said["key"],
                by=request.user,
                now=timezone.now(),
                **talk,
            )
        except Pestering as advice:
            for sentence in advice.sentences():
                form.add_error("override", sentence)
        except Refused as refusal:
            _show_answer(form, refusal)
        else:
            words = {"name": _called(guest), "answer": Answer(said["answer"]).label}
            messages.success(request, _("%(name)s: %(answer)s.") % words)
            return redirect("desk:next_guest", pk=guest.campaign_id)
    return _page(request, guest, answer=form)


def _show(form: Any, refusal: Refused) -> None:
    for sentence in refusal.sentences():
        form.add_error(None, sentence)


def _show_answer(form: AnswerForm, refusal: Refused) -> None:
    """Each reason, at the question that it speaks of, with the ways out that this page has."""
    for blocker, sentence in zip(refusal.blockers, refusal.sentences(), strict=True):
        if blocker.code == "wishes_no_step":
            form.add_error("channel", PROMISES_NOTHING)
            continue
        at = "then_on" if blocker.code in THEN_CODES and "then_on" in form.fields else None
        form.add_error(at, sentence)


def _called(guest: Invitation) -> str:
    return wording.called(guest.customer)


def text_of(request: Request, guest: Invitation) -> str:
    """The campaign's text for this guest: what they own, the day, who asks."""
    signature = signature_for(request, guest)
    body = wording.campaign_body(
        guest.campaign.text,
        customer=guest.customer,
        signature=signature,
        owned=_owned(guest.customer),
        occasion=guest.campaign.name,
        day=day_text(timezone.localdate(guest.campaign.starts_at)),
    )
    return wording.whole_text(body, customer=guest.customer, signature=signature)


def _owned(customer: Customer) -> str:
    owned = customer.products.filter(gone_on=None).order_by("-pk")
    return owned.values_list("product", flat=True).first() or ""


def _is_left_out(guest: Invitation) -> bool:
    """Whether the text says less to this guest, who owns nothing of which it could speak."""
    return wording_rules.names_product(text=guest.campaign.text) and not _owned(guest.customer)


def _page(
    request: Request,
    guest: Invitation,
    *,
    send: SendForm | None = None,
    answer: AnswerForm | None = None,
) -> HttpResponse:
    now, campaign = timezone.now(), guest.campaign
    is_running = campaign.state in RUNNING_CAMPAIGNS
    may_ask = is_running and request.reach.may_reveal and not guest.withheld
    has_phone = guest.customer.phones.filter(retired_at=None).exists()
    reveals = may_ask and has_phone
    answer_form = None
    if may_ask and campaign.kind == CampaignKind.EVENT:
        answer_form = answer or _answer_form(request, guest, None)
    context = {
        "guest": guest,
        "campaign_name": mask_in_text(campaign.name),
        "customer": guest.customer,
        "title": guest.customer.shown_title,
        "states": _states(guest, now=now),
        "called_off": called_off_words(campaign),
        "withheld": str(Withheld(guest.withheld).label) if guest.withheld else "",
        "sent_text": mask_in_text(guest.text) if guest.sent_at else "",
        "send_form": (send or SendForm(initial={"text": text_of(request, guest)}))
        if may_ask and guest.sent_at is None
        else None,
        "is_left_out": guest.sent_at is None and _is_left_out(guest),
        "answer_form": answer_form,
        "guard": _guard(request, guest, answer_form, now=now) if may_ask else None,
        "call_url": reverse("desk:reveal", args=[guest.customer_id]) if reveals else "",
        "sms_url": reverse("desk:write_message", args=[guest.customer_id]) if reveals else "",
        "ticket_url": reverse("desk:ticket", args=[guest.pk]) if _has_ticket(guest) else "",
        "next_url": reverse("desk:next_guest", args=[campaign.pk]) if may_ask else "",
        "back_url": reverse("desk:campaign", args=[campaign.pk]),
    }
    return TemplateResponse(request, "desk/invitation.html", context)


def _answer_form(request: Request, guest: Invitation, said: QueryDict | None) -> AnswerForm:
    """The form of an answer; it asks when the guest is called next where nothing else goes on."""
    store, campaign = guest.customer.store, guest.campaign
    today = store.today(timezone.now())
    ends = [Answer.NOT_COMING]
    if campaign.ends_at.astimezone(store.tzinfo).date() < today:
        ends.append(Answer.COMING)
    gap = cadence_days().get(rules.cadence_grade(guest.customer.grade), rules.PLAIN_GAP)
    form = AnswerForm(
        said,
        initial={"answer": guest.answer, "key": uuid4()},
        then=step_chips(today, gap=gap) if queries.why_no_step(guest) is None else (),
        answers=ends,
    )
    if not request.reach.may_serve:
        form.only_note()
    return form


def _guard(
    request: Request, guest: Invitation, form: AnswerForm | None, *, now: datetime
) -> GuardPanel:
    """What speaks against talking with this guest now; the reason that was given for the call is
    not asked again.
    """
    asked = Asked(ways={way.value: way for way in TALKED}, field="channel", reason=REASON)
    panel = panel_for(guest.customer, task=None, asked=asked, now=now)
    if panel.chosen and form is not None and "override" in form.fields:
        form.answer_guard(override_given(guest.customer, by=request.user, now=now))
        if panel.wishes_no_contact and request.user.role not in REASSIGNING_ROLES:
            form.offer_need_alone()
    return panel


def _states(guest: Invitation, *, now: datetime) -> list[tuple[str, str]]:
    """What has become of the guest so far, each with its time."""
    rows = [(_("Invited"), guest.invited_at, guest.invited_by.name)]
    if guest.sent_at:
        rows.append((_("Sent"), guest.sent_at, guest.sent_by.name if guest.sent_by else ""))
    if guest.answered_at:
        rows.append((str(Answer(guest.answer).label), guest.answered_at, ""))
    if guest.attended_at:
        noted = guest.attended_noted_by
        rows.append((_("Came"), guest.attended_at, noted.name if noted else ""))
    return [
        (word, f"{moment_text(at, now=now)}{' · ' if who else ''}{who}") for word, at, who in rows
    ]


def _has_ticket(guest: Invitation) -> bool:
    """Whoever is kept off is not expected, and nobody comes through a door to be cared for."""
    return guest.campaign.kind == CampaignKind.EVENT and not guest.withheld


@only(CUSTOMER_ROLES)
@never_cache
@require_safe
def ticket(request: Request, pk: int) -> HttpResponse:
    """The ticket to show, photograph or print: its code is scanned at the door."""
    guest = get_invitation_for(request.reach, pk)
    if not _has_ticket(guest):
        raise Http404
    starts = timezone.localtime(guest.campaign.starts_at)
    context = {
        "guest": guest,
        "called": _called(guest),
        "campaign_name": mask_in_text(guest.campaign.name),
        "when": f"{day_text(starts.date())} {starts:%H:%M}",
        "place": mask_in_text(guest.campaign.place) or guest.customer.store.name,
        "company": signature_for(request, guest).company,
        "code": qr_code(outside(reverse("desk:scan", args=[guest.ticket]))),
        "back_url": reverse("desk:invitation", args=[pk]),
    }
    return TemplateResponse(request, "desk/ticket.html", context)
