"""What a replay under other rules found, in the words of its page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from filings.models import Deal, Filing
from filings.rules import HOME_REGION_DECIDES
from filings.rules.replaying import NO_DEAL, NOT_TAKEN
from filings.states import Verdict
from filings.wording import each_once
from staff.models import Person


class Names:
    """The people of a page of rulings, and whose filing is whose, in two statements."""

    def __init__(self, flips: Iterable[Mapping[str, Any]]) -> None:
        flips = list(flips)
        found = Deal.objects.select_related("customer", "project", "closer", "store")
        self.deals = found.in_bulk([flip["deal"] for flip in flips])
        people = {flip["credited_to"] for flip in flips}
        people |= {flip[side]["owner"] for flip in flips for side in ("held", "changed")}
        self.people = Person.objects.in_bulk([pk for pk in people if isinstance(pk, int)])
        self.holders = self._holders(flips)

    def _holders(self, flips: list[Mapping[str, Any]]) -> dict[int, str]:
        filings = {
            int(key) for flip in flips for side in ("held", "changed")
            for key in flip[side]["statuses"]
        }  # fmt: skip
        rows = Filing.objects.filter(pk__in=filings).values_list("pk", "holder__name")
        return dict(rows)

    def person(self, pk: object) -> str:
        """Who has a sale."""
        if pk == HOME_REGION_DECIDES:
            return _("the home region decides")
        found = self.people.get(pk) if isinstance(pk, int) else None
        return found.name if found else _("nobody yet")

    def of_filing(self, key: object) -> str:
        """Whose filing a reason speaks of."""
        return self.holders.get(int(str(key)), "") if key is not None else ""


def _timeline(flip: Mapping[str, Any]) -> str:
    """Where the ruling's whole timeline is shown."""
    return reverse("filings:ruling", kwargs={"pk": flip["ruling"]}) if flip["ruling"] else ""


def _would(flip: Mapping[str, Any], names: Names) -> str:
    if flip["outcome"] == NOT_TAKEN:
        return _("the deposit would have been refused")
    if flip["outcome"] == NO_DEAL:
        return _("the deposit would have been too small to settle it")
    return names.person(flip["changed"]["owner"])


def _verdict(flip: Mapping[str, Any]) -> str:
    """Where who decides would change, too."""
    held, changed = flip["held"]["verdict"], flip["changed"]["verdict"]
    if held == changed or flip["outcome"]:
        return ""
    if changed == Verdict.ADJUDICATE:
        return _("A person would have to decide.")
    return _("The rules alone would decide.")


def _side(title: str, who: str, decided: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {"title": title, "who": who, "reasons": _why(decided["reasons"], names)}


def _why(reasons: Iterable[Mapping[str, Any]], names: Names) -> list[dict[str, str]]:
    """Each sentence once, with all clauses that it stands for."""
    found = each_once(reasons, name_of=names.of_filing)
    return [{"text": text, "clause": " · ".join(clauses)} for text, clauses in found.items()]


def flip_row(flip: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """One ruling that would flip, for the page."""
    deal = names.deals[flip["deal"]]
    held = names.person(flip["held"]["owner"])
    has = names.person(flip["credited_to"])
    return {
        "deal": deal,
        "has": has,
        # A person may have ruled otherwise than the rules propose.
        "by_rules": held if held != has else "",
        "would": _would(flip, names),
        "verdict": _verdict(flip),
        "gone": _why(flip["gone"], names),
        "new": _why(flip["new"], names),
        "sides": [
            _side(_("As the rules were"), held, flip["held"], names),
            _side(_("As they would be"), _would(flip, names), flip["changed"], names),
        ],
        "timeline_url": _timeline(flip),
    }
