"""What each code of a reason says, as a whole sentence (G12)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filings.rules import Reason
from filings.rules.events import Key
from filings.wording.moments import limit_text, moment_text

Words = str | Promise

# What a sentence may name: `who` is whose filing it is, `at` a moment to the second, `limit` the
# same as the 24:00 of a day, `acted` and `until` the last follow-up and the end of protection.
SENTENCES: Mapping[str, Words] = {
    # whose the sale is
    "own_filing": _("%(who)s filed first, on %(at)s, and took the deposit: the credit is theirs."),
    "filed_by_another": _(
        "%(who)s had filed the customer on %(at)s and was protected: the credit is the filer's, "
        "whoever took the deposit."
    ),
    "server_time": _("The server's time decides which filing came first: that of %(who)s, %(at)s."),
    "credit_goes_home": _("The deposit was taken in another region: the credit goes home."),
    "keeper_of_buyer": _(
        "The customer has bought before and nobody had filed them: the keeper has the credit."
    ),
    "two_homes": _(
        "The customer's own address and the delivery lie in different regions: operations decide "
        "to which of them the credit goes."
    ),
    "home_region_decides": _(
        "Whoever took the deposit is of another region and had no filing approved across regions: "
        "the customer's home region decides."
    ),
    "own_after_lapse": _(
        "Whoever took the deposit had filed the customer. The protection had ended, but nobody "
        "else filed meanwhile: the credit is theirs."
    ),
    "nobody_filed": _("No filing was valid: the credit is of whoever took the deposit."),
    "further_deposit": _("The project had its first deposit on %(at)s: the credit stays there."),
    "deposit_returned": _("The deposit went back on %(at)s: there is no deal any more."),
    "deal_moment": _("The deal was made at the first deposit, on %(at)s."),
    "later_is_void": _("What was filed from %(at)s on is void, for the deal was made."),
    "same_number": _("One number is one customer, however it is typed."),
    # why a filing was refused, or lost
    "incomplete": _("The filing of %(who)s lacked name, phone or address: it protected nobody."),
    "after_deal": _("The filing of %(who)s came in on %(at)s, after the deal: void."),
    "late_24h": _("%(who)s filed on %(at)s, later than the hours allow after the first contact."),
    "out_of_scope": _(
        "%(who)s filed a customer who has bought for this home already: outside the scope."
    ),
    "cross_region": _("%(who)s filed a customer of another region without an approval: void."),
    "later_filer": _(
        "When %(who)s filed, on %(at)s, somebody else was protected: refused, and not queued."
    ),
    "over_quota": _("%(who)s filed on %(at)s over the month's quota: void."),
    "review_rejected": _("The filing of %(who)s was rejected on review: void from the start."),
    "voided": _("%(who)s had taken the filing back as a mistake."),
    "released_d": _("%(who)s gave the customer up on %(at)s."),
    "void_15d": _(
        "%(who)s had neither measured nor taken a deposit by %(limit)s: the filing was void."
    ),
    "lapsed_10d": _(
        "%(who)s followed up last on %(acted)s and was protected until %(until)s: lapsed by "
        "silence."
    ),
    "protected": _("%(who)s was protected: last followed up on %(acted)s, until %(until)s."),
    # what was found of a filing
    "was_draft": _(
        "%(who)s wrote it down on %(noted)s and completed it on %(at)s: it counts from then on."
    ),
    "before_deal": _("%(who)s filed on %(at)s, before the deal."),
    "in_time": _("%(who)s filed on %(at)s, within %(hours)s hours of having the data."),
    "no_field_limit": _("The limit to measure does not hold for the store filing of %(who)s."),
    "no_quota": _("Store filings are not limited in number: that of %(who)s counts."),
    "within_quota": _("%(who)s filed within the month's quota of %(quota)s."),
    "slot_open": _("Deals of the own filings free slots at once: %(who)s had one."),
    "measured": _("%(who)s measured on %(at)s: the limit to measure is met for good."),
    "extended": _("%(who)s was granted an extension until %(limit)s, asked for in time."),
    "not_extended": _("%(who)s had no extension that was asked for before %(limit)s."),
    "last_effective": _(
        "The last follow-up of %(who)s that reached the customer was on %(at)s. Unanswered calls "
        "do not count."
    ),
    "never_in_bulk": _("Messages sent in bulk are no follow-up; %(who)s had none after %(at)s."),
    "counted_days": _(
        "Days are calendar days, the first not counted, to 24:00: %(who)s until %(limit)s."
    ),
    "revived": _(
        "%(who)s had lapsed, and followed up before anybody else came: again from %(at)s."
    ),
    "update_missed": _("%(who)s owed a follow-up until %(limit)s: noted, nothing is lost by it."),
    "duty_not_loss": _("A missed follow-up of %(who)s is noted; only longer silence loses."),
    "late_entry": _("A follow-up was entered more than 24 hours later: evidence, no protection."),
    # why a person decides
    "doubt_same_person": _("Two cards may be one customer: a person decides."),
    "doubt_new_project": _("Somebody claims a project of its own: a person decides."),
    "doubt_buyer": _("The customer has bought from us before: a person decides."),
    "doubt_same_second": _("Two filings came in within one second: a person decides."),
    "doubt_circumstances": _("Special circumstances were asked for and not decided in time."),
    "doubt_contested": _(
        "Somebody contested whose this lead is before the deposit: a person decides."
    ),
    "doubt_cross_region": _("The home region and another one are concerned: a person decides."),
    # what a person decided
    "ruled": _("Decided by a person, on %(at)s, after both sides were heard."),
    "found_one": _("Found to be one customer: the filing that came first counts."),
    "found_two": _("Found to be two customers: each filing counts for its own."),
    "found_new": _("Found to be a project of its own: each has its first filer."),
    "found_same": _("Found to be the same project: the filing that came first counts."),
    "handed_by_ruling": _("The protection passes to %(who)s by this ruling."),
    "departed": _("The rules proposed otherwise; whoever decided departed from it, and says why."),
    "split": _("The credit is shared, as the ruling says."),
}


def _param(reason: Reason | Mapping[str, Any], name: str) -> Any:
    return reason.get(name) if isinstance(reason, Mapping) else getattr(reason, name)


def sentence(
    reason: Reason | Mapping[str, Any],
    *,
    name_of: Callable[[Key], str],
    zone: tzinfo | None = None,
) -> str:
    """One reason in the reader's language; `reason` is the rules' own, or a ruling's row.

    `name_of` says what the reader may call the side whose filing this is (a name, or a side's
    letter); it gets the filing's key. Times are of `zone`, else of the reader's.
    """
    filing, at = _param(reason, "filing"), _param(reason, "at")
    params = _param(reason, "params") or {}
    said = {
        "who": name_of(filing) if filing is not None else "",
        "at": moment_text(at, zone=zone),
        "limit": limit_text(at, zone=zone),
        "acted": moment_text(params.get("acted_at"), zone=zone),
        "until": limit_text(params.get("until"), zone=zone),
        "noted": moment_text(params.get("noted_at"), zone=zone),
        "hours": params.get("hours", ""),
        "quota": params.get("quota", ""),
    }
    return str(SENTENCES[str(_param(reason, "code"))]) % said


def each_once(
    reasons: Iterable[Reason | Mapping[str, Any]], *, name_of: Callable[[Key], str]
) -> dict[str, list[str]]:
    """Each sentence once, with the clauses behind it."""
    said: dict[str, list[str]] = {}
    for reason in reasons:
        clauses = said.setdefault(sentence(reason, name_of=name_of), [])
        clause = str(_param(reason, "clause"))
        if clause not in clauses:
            clauses.append(clause)
    return said
