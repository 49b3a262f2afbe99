"""What the pages share on which people decide: who they are, their tabs, their pages."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import BadRequest, PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.listing.keyset import Order, SortKey
from filings.models import ExtensionRequest, Filing, SpecialPrice
from filings.queries.deciders import concerned_by, powers_of
from filings.rules.deciders import Matter, Powers, decider_blockers
from staff.requests import Request

MOST_AT_ONCE = 100


def powers_for(request: Request) -> Powers:
    """What this person decides today. Raises PermissionDenied for whoever decides nothing."""
    powers = powers_of(request.user, today=timezone.localdate())
    if not powers.decides_anything:
        raise PermissionDenied
    return powers


def may_decide(
    powers: Powers, matter: Matter, about: Filing | ExtensionRequest | SpecialPrice, *, store: int
) -> bool:
    """Whether this person decides this row: theirs, and not about themselves."""
    return not decider_blockers(powers, matter, store=store, concerned=concerned_by(about))


def refuse_unless(may: bool) -> None:
    """A known row without the right is refused (403)."""
    if not may:
        raise PermissionDenied


def order(name: str, field: str, *, newest_first: bool) -> Order:
    return Order(SortKey(name=name, field=field, kind=datetime), newest_first)


def part_of(request: Request, offered: Iterable[str]) -> str:
    """The tab that the address asks for; the first where it asks for none. Raises BadRequest."""
    names = list(offered)
    asked = request.GET.get("part", names[0])
    if asked not in names:
        raise BadRequest(_("This address asks for something the list does not know."))
    return asked


def chosen(request: Request, name: str) -> list[int]:
    """The rows that were ticked, or the one whose own button was pressed."""
    only = request.POST.getlist("only")
    asked = only[:1] or request.POST.getlist(name)[:MOST_AT_ONCE]
    return sorted({int(pk) for pk in asked if pk.isascii() and pk.isdecimal() and len(pk) < 19})
