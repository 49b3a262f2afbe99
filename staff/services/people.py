"""Accounts: opening, changing, disabling and confirming them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from staff import rules
from staff.models import Person, Store
from staff.queries import standing_of
from staff.rules import Right
from staff.services.sessions import shut_out
from staff.states import Role

_REASONS = {
    "not_yours": _("This account is not yours to change."),
    "role_not_yours_to_give": _("You may invite the salespeople of your own store or team only."),
    "store_not_yours": _("Choose one of your own stores or teams."),
    "store_missing": _("Choose the store or team in which this person works."),
    "username_taken": _("This user name is taken. Choose another one."),
}


class PersonNotCreated(Refused):
    """An account could not be opened."""

    messages = _REASONS


class PersonNotChanged(Refused):
    """An account could not be changed."""

    messages = _REASONS | {
        "already_disabled": _("This person has been disabled already."),
        "already_active": _("This person may sign in already."),
        "nothing_to_confirm": _("Nothing waits for confirmation here any more."),
    }


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    role: Role | str,
    store: Store | None,
    by: Person,
    now: datetime,
    key: UUID,
    email: str = "",
    other_stores: Collection[Store] = (),
) -> Person:
    """Open an account without a password; an administrator's waits for an operations manager.

    Raises PersonNotCreated. `key` is the form's own id: sent twice, the same person comes back.
    """
    role = Role(role)
    blockers = rules.grant_blockers(
        by=standing_of(by), role=role, store_id=store.pk if store else None
    )
    refuse_if(PersonNotCreated, blockers)

    with once(key=key, purpose="person", by=by) as form:
        if form.result_id:
            return Person.objects.get(pk=form.result_id)
        person = Person(
            username=username,
            name=name,
            role=role,
            store=store,
            email=email,
            is_active=role != Role.ADMIN,
            awaits_confirmation=role == Role.ADMIN,
        )
        person.set_unusable_password()
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError as error:
            raise PersonNotCreated.because("username_taken") from error
        person.other_stores.set(other_stores)
        form.result_id = person.pk

    audit.record(verb="person_created", of=person, by=by, role=role)
    return person


def locked_with_right(person: Person, right: Right, *, by: Person) -> Person:
    """The row of `person` as it is now, locked, for an act that `by` has the right to."""
    current = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    rights = rules.rights_over(by=standing_of(by), person=standing_of(current))
    refuse_if(PersonNotChanged, [] if right in rights else [Blocker("not_yours")])
    return current


@transaction.atomic
def change_person(
    *,
    person: Person,
    name: str,
    role: Role | str,
    store: Store | None,
    other_stores: Collection[Store],
    email: str,
    by: Person,
    now: datetime,
) -> Person:
    """Change name, role and places; whoever becomes an administrator stays out until confirmed.

    Raises PersonNotChanged. The new reach holds from the next request on.
    """
    role = Role(role)
    refuse_if(
        PersonNotChanged, rules.role_blockers(role=role, store_id=store.pk if store else None)
    )
    current = locked_with_right(person, Right.EDIT, by=by)
    was = (current.role, current.store_id)

    current.name, current.role, current.store, current.email = name, role, store, email
    _keep_confirmation(current, was_role=was[0])
    current.save(
        update_fields=["name", "role", "store", "email", "is_active", "awaits_confirmation"]
    )
    current.other_stores.set(other_stores)
    if current.awaits_confirmation:
        shut_out(person=current)

    audit.record(
        verb="person_changed",
        of=current,
        by=by,
        role=[was[0], role],
        store=[was[1], current.store_id],
        other_stores=sorted(unit.pk for unit in other_stores),
    )
    return current


def _keep_confirmation(person: Person, *, was_role: str) -> None:
    """A new administrator waits; one who is none any more waits no longer."""
    if person.role == Role.ADMIN and was_role != Role.ADMIN and person.is_active:
        person.is_active, person.awaits_confirmation = False, True
    elif person.role != Role.ADMIN and person.awaits_confirmation:
        person.is_active, person.awaits_confirmation = True, False


@transaction.atomic
def confirm_administrator(*, person: Person, by: Person, now: datetime) -> None:
    """Let a waiting administrator in: the second person of the grant. Raises PersonNotChanged."""
    current = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if not current.awaits_confirmation:
        raise PersonNotChanged.because("nothing_to_confirm")
    locked_with_right(current, Right.CONFIRM, by=by)

    Person.objects.filter(pk=person.pk).update(is_active=True, awaits_confirmation=False)

    audit.record(verb="administrator_confirmed", of=person, by=by)


@transaction.atomic
def disable_person(*, person: Person, by: Person, now: datetime) -> None:
    """Keep somebody out from this moment; the sessions end with the commit.

    Raises PersonNotChanged. Cards, tasks and history stay; handing them over is the desk's act.
    """
    current = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if not (current.is_active or current.awaits_confirmation):
        raise PersonNotChanged.because("already_disabled")
    locked_with_right(current, Right.DISABLE, by=by)

    Person.objects.filter(pk=person.pk).update(
        is_active=False, awaits_confirmation=False, disabled_at=now
    )
    ended = shut_out(person=current)

    audit.record(verb="person_disabled", of=person, by=by, sessions_ended=ended)


@transaction.atomic
def enable_person(*, person: Person, by: Person, now: datetime) -> None:
    """Let a disabled person in again; an administrator waits to be confirmed anew.

    Raises PersonNotChanged.
    """
    current = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if current.is_active or current.awaits_confirmation:
        raise PersonNotChanged.because("already_active")
    locked_with_right(current, Right.ENABLE, by=by)

    waits = current.role == Role.ADMIN
    Person.objects.filter(pk=person.pk).update(
        is_active=not waits, awaits_confirmation=waits, disabled_at=None
    )

    audit.record(verb="person_enabled", of=person, by=by)


@transaction.atomic
def change_profile(*, name: str, email: str, language: str, by: Person, now: datetime) -> None:
    """Change one's own name, e-mail and language; nothing else is one's own to change."""
    Person.objects.filter(pk=by.pk).update(name=name, email=email, language=language)

    audit.record(verb="profile_changed", of=by, by=by)


def set_language(*, language: str, by: Person) -> None:
    """Show everything in this language from now on. Too slight an act for the trail."""
    Person.objects.filter(pk=by.pk).update(language=language)
