"""What the parameters of a policy mean, as whole sentences, and what a change of them changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from filings.rules import Terms
from filings.states import (
    CrossRegionSale,
    LapseBy,
    LapseTest,
    LateTestedAt,
    NeededToFile,
    RefillMonth,
)

Words = str | Promise
Said = Callable[[Any], Words]

# The parameters by what they are about, in the order in which a form asks for them.
GROUPS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("filing", pgettext_lazy("rules of filing", "Filing"), (
        "is_on", "file_within_hours", "late_tested_at", "store_needs", "field_needs",
        "review_working_days", "quote_before_review",
    )),
    ("loss", pgettext_lazy("rules of filing", "Follow-up and loss"), (
        "update_days", "protection_days", "lapse_test", "lapse_by", "field_limit_days",
        "roll_over_holidays",
    )),
    ("quota", pgettext_lazy("rules of filing", "Quota"), (
        "field_quota", "refill_month", "most_held",
    )),
    ("extension", pgettext_lazy("rules of filing", "Extensions"), (
        "extensions", "extension_days", "request_working_days", "report_after_lapse_days",
    )),
    ("deal", pgettext_lazy("rules of filing", "Deals and regions"), (
        "min_deposit", "cross_region_sale", "claim_days",
    )),
    ("pool", pgettext_lazy("rules of filing", "Free customers"), (
        "release_wait_hours", "refile_wait_days", "claims_a_day",
    )),
    ("warning", pgettext_lazy("rules of filing", "Warnings"), (
        "update_warn_days", "protection_warn_days", "limit_warn_days",
    )),
)  # fmt: skip


def _count(one: Any) -> Said:
    return lambda n: one % {"n": n}


def _none_or(none: Words, some: Any) -> Said:
    return lambda n: some % {"n": n} if n else none


def _either(yes: Words, no: Words) -> Said:
    return lambda is_so: yes if is_so else no


def _of(words: Mapping[str, Words]) -> Said:
    return lambda reading: words[str(reading)]


def _money(amount: Decimal) -> Words:
    if not amount:
        return _("Any deposit settles whose the customer is.")
    return _("A deposit of %(amount)s or more settles whose the customer is.") % {
        "amount": f"{amount:,.2f}"
    }


SAID: Mapping[str, Said] = {
    "is_on": _either(
        _("Leads are filed in this trade."), _("Leads are not filed in this trade.")
    ),
    "file_within_hours": _count(ngettext_lazy(
        "File within %(n)d hour of getting the customer's number.",
        "File within %(n)d hours of getting the customer's number.", "n",
    )),
    "late_tested_at": _of({
        LateTestedAt.COMPLETION: _("The hours are tested when the filing is complete."),
        LateTestedAt.NAME_PHONE: _("The hours are tested when name and phone are written down."),
    }),
    "store_needs": _of({
        NeededToFile.ALL: _(
            "Stores: a filing needs name, phone, detailed address, need and expected date."
        ),
        NeededToFile.NAME_PHONE: _("Stores: a filing needs name and phone."),
    }),
    "field_needs": _of({
        NeededToFile.ALL: _(
            "Field sales: a filing needs name, phone, detailed address, need and expected date."
        ),
        NeededToFile.NAME_PHONE: _("Field sales: a filing needs name and phone."),
    }),
    "review_working_days": _count(ngettext_lazy(
        "A filing is reviewed within %(n)d working day; until then it protects.",
        "A filing is reviewed within %(n)d working days; until then it protects.", "n",
    )),
    "quote_before_review": _either(
        _("Quoting goes on while a filing is reviewed."),
        _("Nobody quotes before a filing is approved."),
    ),
    "update_days": _count(ngettext_lazy(
        "Follow up at least every %(n)d day; missing it is noted.",
        "Follow up at least every %(n)d days; missing it is noted.", "n",
    )),
    "protection_days": _count(ngettext_lazy(
        "Protection ends after %(n)d day of silence.",
        "Protection ends after %(n)d days of silence.", "n",
    )),
    "lapse_test": _of({
        LapseTest.SILENCE: _("Only silence for all days of protection loses a filing."),
        LapseTest.MISSED_UPDATE: _(
            "A follow-up missed within the days of protection loses a filing, too."
        ),
    }),
    "lapse_by": _of({
        LapseBy.FILING: _("A colleague's deposit or filing ends what has gone silent."),
        LapseBy.DEPOSIT: _(
            "Only a colleague's deposit ends what has gone silent; filing it is refused."
        ),
    }),
    "field_limit_days": _count(ngettext_lazy(
        "Field sales: measured, or a deposit taken, within %(n)d day of filing.",
        "Field sales: measured, or a deposit taken, within %(n)d days of filing.", "n",
    )),
    "roll_over_holidays": _either(
        _("A limit that falls on a day off ends on the next working day."),
        _("Days off count like any other day."),
    ),
    "field_quota": _none_or(
        _("Field sales: no filings but those that deals free."),
        ngettext_lazy(
            "Field sales: %(n)d filing a month; stores without limit.",
            "Field sales: %(n)d filings a month; stores without limit.", "n",
        ),
    ),
    "refill_month": _of({
        RefillMonth.DEAL: _("A deal frees one more filing in the month of the deal."),
        RefillMonth.FILING: _("A deal frees one more filing in the month of its filing."),
    }),
    "most_held": _none_or(
        _("Any number of filings is held at once."),
        ngettext_lazy(
            "At most %(n)d filing is held at once.", "At most %(n)d filings are held at once.",
            "n",
        ),
    ),
    "extensions": _none_or(
        _("No filing is extended."),
        ngettext_lazy(
            "A filing is extended %(n)d time at most, asked for before the limit.",
            "A filing is extended %(n)d times at most, asked for before the limit.", "n",
        ),
    ),
    "extension_days": _count(ngettext_lazy(
        "An extension is %(n)d day at most.", "An extension is %(n)d days at most.", "n",
    )),
    "request_working_days": _count(ngettext_lazy(
        "A request that nobody decides protects for %(n)d working day.",
        "A request that nobody decides protects for %(n)d working days.", "n",
    )),
    "report_after_lapse_days": _none_or(
        _("Special circumstances are reported before the loss, not after it."),
        ngettext_lazy(
            "Special circumstances can still be reported %(n)d day after the loss.",
            "Special circumstances can still be reported %(n)d days after the loss.", "n",
        ),
    ),
    "min_deposit": _money,
    "cross_region_sale": _of({
        CrossRegionSale.RECORD: _(
            "A deposit in another region is taken and noted; the credit goes home."
        ),
        CrossRegionSale.BLOCK: _(
            "A deposit in another region is refused unless a manager agrees."
        ),
    }),
    "claim_days": _count(ngettext_lazy(
        "A deal is contested within %(n)d day.", "A deal is contested within %(n)d days.", "n",
    )),
    "release_wait_hours": _none_or(
        _("Whoever gave a customer up may file them again at once."),
        ngettext_lazy(
            "Whoever gave a customer up waits %(n)d hour before filing them again.",
            "Whoever gave a customer up waits %(n)d hours before filing them again.", "n",
        ),
    ),
    "refile_wait_days": _none_or(
        _("Whoever took a filing back may file again at once."),
        ngettext_lazy(
            "Whoever took a filing back waits %(n)d day before filing again.",
            "Whoever took a filing back waits %(n)d days before filing again.", "n",
        ),
    ),
    "claims_a_day": _none_or(
        _("Any number of free customers is taken in a day."),
        ngettext_lazy(
            "At most %(n)d free customer is taken in a day.",
            "At most %(n)d free customers are taken in a day.", "n",
        ),
    ),
    "update_warn_days": _none_or(
        _("Nobody is warned of a follow-up that is owed."),
        ngettext_lazy(
            "The holder is warned %(n)d day before a follow-up is owed.",
            "The holder is warned %(n)d days before a follow-up is owed.", "n",
        ),
    ),
    "protection_warn_days": _none_or(
        _("Nobody is warned of the end of protection."),
        ngettext_lazy(
            "The holder is warned %(n)d day before protection ends.",
            "The holder is warned %(n)d days before protection ends.", "n",
        ),
    ),
    "limit_warn_days": _none_or(
        _("Nobody is warned of the limit to measure."),
        ngettext_lazy(
            "The holder is warned %(n)d day before the limit to measure.",
            "The holder is warned %(n)d days before the limit to measure.", "n",
        ),
    ),
}  # fmt: skip


# Where no home is measured and no address filed (decision 6).
SAID_OF_CARS: Mapping[str, Said] = {
    "field_limit_days": _count(ngettext_lazy(
        "Field sales: a test drive or a contract within %(n)d day of filing.",
        "Field sales: a test drive or a contract within %(n)d days of filing.", "n",
    )),
    "limit_warn_days": _none_or(
        _("Nobody is warned of the limit to test drive."),
        ngettext_lazy(
            "The holder is warned %(n)d day before the limit to test drive.",
            "The holder is warned %(n)d days before the limit to test drive.", "n",
        ),
    ),
}  # fmt: skip
SAID_WITHOUT_HOMES: Mapping[str, Said] = {
    "store_needs": _of({
        NeededToFile.ALL: _("Stores: a filing needs name, phone, need and expected date."),
        NeededToFile.NAME_PHONE: _("Stores: a filing needs name and phone."),
    }),
    "field_needs": _of({
        NeededToFile.ALL: _("Field sales: a filing needs name, phone, need and expected date."),
        NeededToFile.NAME_PHONE: _("Field sales: a filing needs name and phone."),
    }),
}  # fmt: skip
SAID_OF: Mapping[str, Mapping[str, Said]] = {
    "cars": {**SAID_WITHOUT_HOMES, **SAID_OF_CARS},
    "shoes": SAID_WITHOUT_HOMES,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One parameter that two policies have differently, each in a sentence."""

    name: str
    before: Words
    after: Words


def said_of(name: str, value: object, *, trade: str = "") -> Words:
    """What one parameter says, in the words of a trade."""
    return SAID_OF.get(trade, {}).get(name, SAID[name])(value)


def groups_of(terms: Terms, *, trade: str = "") -> list[tuple[Words, list[Words]]]:
    """All that a policy says, by what it is about."""
    return [
        (
            title,
            [said_of(name, getattr(terms, name), trade=trade) for name in names if name != "is_on"],
        )
        for _key, title, names in GROUPS
    ]


def changes(before: Terms, after: Terms, *, trade: str = "") -> list[Change]:
    """What differs, in the order of the form."""
    return [
        Change(
            name=name,
            before=said_of(name, getattr(before, name), trade=trade),
            after=said_of(name, getattr(after, name), trade=trade),
        )
        for _key, _title, names in GROUPS
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]
