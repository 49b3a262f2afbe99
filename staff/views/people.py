"""The people of the company: list, account, invitation, duties."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from staff import queries, rules, scope, services
from staff.access import only
from staff.forms import DutyForm, NewPersonForm, PersonForm
from staff.models import Person
from staff.requests import Request
from staff.rules import Right
from staff.services.passwords import Link, link_for
from staff.states import UNIT_MANAGER_ROLES, Role

_FRESH_LINK = "staff.fresh_link"


def rights_over(request: Request, person: Person) -> frozenset[Right]:
    """What the signed-in person may do with this account."""
    return rules.rights_over(
        by=queries.standing_of(request.user), person=queries.standing_of(person)
    )


def require(right: Right, request: Request, person: Person) -> None:
    """403 for somebody who sees this person but may not do this."""
    if right not in rights_over(request, person):
        raise PermissionDenied


def units_of_inviter(request: Request) -> frozenset[int] | None:
    """The stores into which somebody may invite; None is all."""
    if request.reach.role in UNIT_MANAGER_ROLES:
        return queries.standing_of(request.user).unit_ids
    return None


def keep_link(request: Request, person: Person, link: Link) -> None:
    """Keep a link until the person's page has shown it, once."""
    request.session[_FRESH_LINK] = {"person": person.pk, "path": link.path}


def take_link(request: Request, person: Person) -> str:
    """The whole address of a link just made for this person; empty ever after."""
    if request.session.get(_FRESH_LINK, {}).get("person") != person.pk:
        return ""
    return request.build_absolute_uri(request.session.pop(_FRESH_LINK)["path"])


@only(scope.INVITING_ROLES)
@require_http_methods(["GET", "POST"])
def person_new(request):
    form = NewPersonForm(
        request.POST if request.method == "POST" else None,
        roles=rules.grantable_roles(request.reach.role),
        stores=units_of_inviter(request),
        initial={"store": request.user.store_id},
    )
    if form.is_valid():
        try:
            person = services.create_person(
                **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            is_name = "username_taken" in refusal.codes
            form.add_error("username" if is_name else None, str(refusal))
        else:
            keep_link(request, person, link_for(person))
            return redirect("staff:person", pk=person.pk)
    return TemplateResponse(request, "staff/person_new.html", {"form": form})


@only(scope.PEOPLE_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def person(request, pk):
    person = queries.get_person_for(request.reach, pk)
    if request.method == "POST":
        require(Right.EDIT, request, person)
    form = _person_form(request, person)
    if form.is_valid():
        try:
            services.change_person(
                person=person, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:person", pk=pk)
    return _person_page(request, person, form=form)


def _person_form(request: Request, person: Person) -> PersonForm:
    return PersonForm(
        request.POST if request.method == "POST" else None,
        roles=Role,
        stores=None,
        initial={
            "name": person.name,
            "role": person.role,
            "store": person.store_id,
            "other_stores": person.other_stores.values_list("pk", flat=True),
            "email": person.email,
        },
    )


def _person_page(request, person: Person, *, form=None, duty_form=None, refusal=None, status=200):
    """One person, with what the reader may do."""
    rights = rights_over(request, person)
    return TemplateResponse(
        request,
        "staff/person.html",
        {
            "person": person,
            "state": person.state,
            "other_stores": list(person.other_stores.order_by("code", "pk")),
            "rights": rights,
            "form": form or _person_form(request, person),
            "duties": queries.current_duties(person, today=timezone.localdate()),
            "duty_form": duty_form or DutyForm(initial={"starts_on": timezone.localdate()}),
            "is_locked_out": queries.is_locked_out(person, now=timezone.now()),
            "fresh_link": take_link(request, person),
            "refusal": str(refusal) if refusal else "",
        },
        status=status,
    )


def _acted(request, person: Person, act, done: str):
    """Do one act on an account; a refusal is said on the person's page."""
    try:
        act(person=person, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("staff:person", pk=person.pk)


@only(scope.INVITING_ROLES)
@require_POST
def person_invite(request, pk):
    """A new link; the password until now, and every session, ends."""
    person = queries.get_person_for(request.reach, pk)
    require(Right.LINK, request, person)
    link = services.make_link(person=person, by=request.user, now=timezone.now())
    keep_link(request, person, link)
    return redirect("staff:person", pk=pk)


@only(scope.PEOPLE_ROLES)
@require_POST
def person_unlock(request, pk):
    person = queries.get_person_for(request.reach, pk)
    require(Right.UNLOCK, request, person)
    services.unlock_person(person=person, by=request.user)
    messages.success(request, _("%(name)s can try again.") % {"name": person.name})
    return redirect("staff:person", pk=pk)


@only(scope.ADMIN_ROLES)
@require_http_methods(["GET", "POST"])
def person_disable(request, pk):
    """First what hangs on it, then the act."""
    person = queries.get_person_for(request.reach, pk)
    if request.method == "POST":
        require(Right.DISABLE, request, person)
        done = _("%(name)s is disabled and signed out everywhere.") % {"name": person.name}
        return _acted(request, person, services.disable_person, done)
    require(Right.DISABLE, request, person)
    duties = queries.current_duties(person, today=timezone.localdate())
    assistants = queries.assistants_of(person, today=timezone.localdate())
    return TemplateResponse(
        request,
        "staff/person_disable.html",
        {"person": person, "duties": duties, "assistants": assistants},
    )


@only(scope.ADMIN_ROLES)
@require_POST
def person_enable(request, pk):
    person = queries.get_person_for(request.reach, pk)
    require(Right.ENABLE, request, person)
    done = _("%(name)s is enabled.") % {"name": person.name}
    return _acted(request, person, services.enable_person, done)


@only(scope.CONFIRMING_ROLES)
@require_POST
def person_confirm(request, pk):
    person = queries.get_person_for(request.reach, pk)
    done = _("%(name)s is confirmed as an administrator.") % {"name": person.name}
    return _acted(request, person, services.confirm_administrator, done)


@only(scope.DUTY_ROLES)
@require_POST
def duty_add(request, pk):
    person = queries.get_person_for(request.reach, pk)
    require(Right.GIVE_DUTIES, request, person)
    form = DutyForm(request.POST)
    if form.is_valid():
        try:
            services.give_duty(
                person=person, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentences())
        else:
            return redirect("staff:person", pk=pk)
    return _person_page(request, person, duty_form=form)


@only(scope.DUTY_ROLES)
@require_POST
def duty_end(request, pk, duty_pk):
    person = queries.get_person_for(request.reach, pk)
    require(Right.GIVE_DUTIES, request, person)
    duty = get_object_or_404(person.duties, pk=duty_pk)
    try:
        services.end_duty(duty=duty, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:person", pk=pk)
