"""What is disputed, decided and written down about leads."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verdict(TextChoices):
    """Who decides: the rules alone, or a person."""

    AUTO = "auto", _("Decided by the rules")
    ADJUDICATE = "adjudicate", _("A person decides")


class RulingKind(TextChoices):
    """How a ruling came about."""

    DEPOSIT = "deposit", _("At the deposit")
    DISPUTE = "dispute", _("On a dispute")
    APPEAL = "appeal", _("On appeal")
    REVERSAL = "reversal", _("The deposit was returned")


class DisputeKind(TextChoices):
    """Why a person has to decide (ADJ-01, FIL-11, FIL-32, FIL-33, XRG-04)."""

    CONTESTED = "contested", _("Contested")
    SAME_PERSON = "same_person", _("Perhaps one customer")
    SAME_SECOND = "same_second", _("Filed in the same second")
    NEW_PROJECT = "new_project", _("New project to be checked")
    CROSS_REGION = "cross_region", _("Between regions")
    BUYER = "buyer", _("Bought from us before")
    CIRCUMSTANCES = "circumstances", _("Special circumstances open")


class DisputeState(TextChoices):
    """Where a dispute stands."""

    OPEN = "open", pgettext_lazy("dispute", "To be decided")
    PROOF = "proof", _("Waiting for proof")
    DECIDED = "decided", pgettext_lazy("dispute", "Decided")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "Withdrawn")


# Before a decider still: sides may add to them.
OPEN_DISPUTES = (DisputeState.OPEN, DisputeState.PROOF)


class Finding(TextChoices):
    """What a decider finds of two customers (FIL-32), or of two projects (FIL-33)."""

    ONE = "one", _("One customer")
    TWO = "two", _("Two customers")
    NEW = "new", _("A project of its own")
    SAME = "same", _("The same project")


# Between which findings a dispute of a kind asks to choose.
FINDINGS_OF: Mapping[DisputeKind, tuple[Finding, Finding]] = {
    DisputeKind.SAME_PERSON: (Finding.ONE, Finding.TWO),
    DisputeKind.NEW_PROJECT: (Finding.NEW, Finding.SAME),
}
# Under which clause each is found.
CLAUSES_OF_FINDINGS: Mapping[Finding, str] = {
    Finding.ONE: "FIL-32", Finding.TWO: "FIL-32", Finding.NEW: "FIL-33", Finding.SAME: "FIL-33",
}  # fmt: skip
# By these the filings of both sides are held against each other as of one project.
JOINING = frozenset({Finding.ONE, Finding.SAME})


class AppealState(TextChoices):
    """Where an appeal against a ruling stands; there is one a dispute (ADJ-01)."""

    OPEN = "open", pgettext_lazy("appeal", "Waiting")
    UPHELD = "upheld", _("The ruling stands")
    CHANGED = "changed", _("The ruling was changed")


class Hearing(TextChoices):
    """Who hears an appeal against a ruling (ADJ-01): nobody hears one against the own."""

    DUTY = "duty", _("The general manager hears the appeal.")
    OPERATIONS = (
        "operations",
        _(
            "The general manager decided this, or is a party: another operations manager hears the "
            "appeal."
        ),
    )
    NOBODY_YET = (
        "nobody_yet",
        _(
            "Nobody hears appeals yet: ask the administrator to give somebody that duty. An appeal "
            "waits until then."
        ),
    )
    FINAL = (
        "final",
        _("The ruling is final: whoever could hear an appeal has decided this, or is a party."),
    )


class EvidenceRank(TextChoices):
    """What evidence is worth, the strongest first (ADJ-05)."""

    RECORD = "1_record", _("Record of the system")
    DATED = "2_dated", _("Attachment with a time of its own")
    STATEMENT = "3_statement", _("Statement")
    PAPER = "4_paper", _("Paper note")


class ViolationKind(TextChoices):
    """What is recorded against the scheme, without fines (FIL-39, XRG-05)."""

    AFTER_DEAL = "after_deal", _("Filed after the deal")
    OVER_QUOTA = "over_quota", _("Filed over the quota")
    LATE = "late", _("Filed too late")
    BACK_DATED = "back_dated", _("Follow-up entered too late")
    CROSS_REGION_FILING = "cross_region_filing", _("Filed across regions")
    CROSS_REGION_SALE = "cross_region_sale", _("Sold across regions")
    UPDATE_MISSED = "update_missed", _("Update missed")
    COPIED_NOTE = "copied_note", _("Same words as the contact before")
    REFILED = "refiled", _("Filed again soon after taking back or releasing")
    SAME_PHONE_OTHERWISE = "other_number", _("Another number of a filed customer")
    RETURNED_SLOT = "returned_slot", _("Slot used of a deposit that was returned")
    HANDED_AT_LIMIT = "handed_at_limit", _("Handed over shortly before the limit")
