"""How notices about filings, disputes and special prices are worded.

Names are those of our people; the customer is read on the page that the notice leads to.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from staff.states import NoticeKind
from staff.told_sentence import Sentence

OF_LEADS: Mapping[NoticeKind, tuple[Sentence, ...]] = {
    NoticeKind.FILING_CLOCK: (
        Sentence(
            text=_(
                "The sweep of filings has stopped: %(lapsing)s of %(standing)s would lapse at "
                "once. See whether the clock is right, then confirm the sweep."
            ),
            needs=("lapsing", "standing"),
        ),
        Sentence(
            text=_("Filing %(update)s: follow up by %(until)s 24:00."), needs=("update", "until")
        ),
        Sentence(
            text=_("Filings of yours to follow up by %(until)s 24:00: %(updates)s."),
            needs=("updates", "until"),
        ),
        Sentence(
            text=_("Filing %(silence)s lapses on %(until)s at 24:00 unless you reach them."),
            needs=("silence", "until"),
        ),
        Sentence(
            text=_(
                "Filings of yours that lapse on %(until)s at 24:00 unless you reach the "
                "customers: %(silences)s."
            ),
            needs=("silences", "until"),
        ),
        Sentence(
            text=_("Filing %(measure)s needs measuring or a deposit by %(until)s 24:00."),
            needs=("measure", "until"),
        ),
        Sentence(
            text=_(
                "Filings of yours that need measuring or a deposit by %(until)s 24:00: "
                "%(measures)s."
            ),
            needs=("measures", "until"),
        ),
        Sentence(
            text=_(
                "Filing %(lapsed)s has lapsed by silence. It protects again once you reach them, "
                "unless somebody else files first."
            ),
            needs=("lapsed",),
        ),
        Sentence(
            text=_(
                "Filings of yours that have lapsed by silence: %(lapses)s. They protect again "
                "once you reach the customers, unless somebody else files first."
            ),
            needs=("lapses",),
        ),
        Sentence(
            text=_("Filing %(void)s is void: neither measured nor a deposit in time."),
            needs=("void",),
        ),
        Sentence(
            text=_(
                "Filings of yours that are void, neither measured nor a deposit in time: %(voids)s."
            ),
            needs=("voids",),
        ),
        Sentence(
            text=_(
                "A customer of yours was free, and a colleague has filed them. The colleague "
                "keeps them from now on."
            ),
            needs=("filed_anew",),
        ),
        Sentence(text=_("A filing of yours nears a limit.")),
    ),
    NoticeKind.FILING_FREE: (
        Sentence(
            text=_("The customer of your refused filing %(number)s is free: you can file them."),
            needs=("number",),
        ),
        Sentence(text=_("A customer you were refused is free: you can file them again.")),
    ),
    NoticeKind.FILING_REVIEW: (
        Sentence(
            text=_(
                "%(merged_by)s merged two cards of one customer: somebody had filed them before "
                "you, and your filing is withdrawn."
            ),
            needs=("merged_by",),
        ),
        Sentence(
            text=_("%(approved_by)s approved filing %(number)s."), needs=("approved_by", "number")
        ),
        Sentence(
            text=_("%(rejected_by)s rejected filing %(number)s: it is void from the start."),
            needs=("rejected_by", "number"),
        ),
        Sentence(text=_("%(asks)s asks you to prove filing %(number)s."), needs=("asks", "number")),
        Sentence(
            text=_("%(given_by)s proved filing %(number)s. It waits for its review."),
            needs=("given_by", "number"),
        ),
        Sentence(
            text=_("Filing %(late)s was not reviewed in time and was reported up to you."),
            needs=("late",),
        ),
        Sentence(
            text=_("The proof asked for of filing %(unproved)s was not given in time."),
            needs=("unproved",),
        ),
        Sentence(
            text=_("%(cross_by)s asks to file across regions: %(number)s."),
            needs=("cross_by", "number"),
        ),
        Sentence(
            text=_("%(cross_approved_by)s approved filing %(number)s across regions."),
            needs=("cross_approved_by", "number"),
        ),
        Sentence(
            text=_("%(cross_refused_by)s refused filing %(number)s across regions."),
            needs=("cross_refused_by", "number"),
        ),
        Sentence(text=_("There is news of the review of a filing.")),
    ),
    NoticeKind.EXTENSION: (
        Sentence(
            text=_("%(asked_by)s asks for more time for filing %(number)s."),
            needs=("asked_by", "number"),
        ),
        Sentence(
            text=_("%(granted_by)s gave filing %(number)s more time, until %(until)s."),
            needs=("granted_by", "number", "until"),
        ),
        Sentence(
            text=_("%(refused_by)s refused more time for filing %(number)s."),
            needs=("refused_by", "number"),
        ),
        Sentence(text=_("There is news of an extension.")),
    ),
    NoticeKind.DISPUTE: (
        Sentence(
            text=_("Proof is asked of you in dispute %(proof)s about a lead."), needs=("proof",)
        ),
        Sentence(
            text=_("An appeal against the ruling in dispute %(appeal)s waits."), needs=("appeal",)
        ),
        Sentence(
            text=_(
                "An appeal in dispute %(unheard)s waits, and nobody hears appeals yet: the "
                "administrator gives somebody that duty."
            ),
            needs=("unheard",),
        ),
        Sentence(
            text=_(
                "Dispute %(undecided)s about a lead waits, and nobody may decide it: the "
                "administrator gives somebody the duty of appeals."
            ),
            needs=("undecided",),
        ),
        Sentence(text=_("Dispute %(closed)s about a lead was taken back."), needs=("closed",)),
        Sentence(
            text=_("Dispute %(returned)s about a lead is closed: the deposit went back."),
            needs=("returned",),
        ),
        Sentence(text=_("Dispute %(waits)s about a lead waits for your ruling."), needs=("waits",)),
        Sentence(
            text=_(
                "Dispute %(overdue)s has waited for a day: is it another project? The filing runs "
                "on, and its card stays shut to who filed it."
            ),
            needs=("overdue",),
        ),
        Sentence(
            text=_("Dispute %(dispute_no)s about a lead concerns you."), needs=("dispute_no",)
        ),
        Sentence(text=_("A dispute about a lead concerns you.")),
    ),
    NoticeKind.RULING: (
        Sentence(text=_("Ruling %(number)s says whose a lead is. Read it."), needs=("number",)),
        Sentence(text=_("It was ruled whose a lead is.")),
    ),
    NoticeKind.CREDIT: (
        Sentence(
            text=_(
                "%(by)s (%(store)s) took a deposit from a customer whose sale is yours, order "
                "%(order)s. The credit is yours."
            ),
            needs=("by", "store", "order"),
        ),
        Sentence(
            text=_(
                "%(returned_by)s gave back the deposit of order %(order)s: it is no deal any more."
            ),
            needs=("returned_by", "order"),
        ),
        Sentence(text=_("A deposit was taken from a customer you filed. The credit is yours.")),
    ),
    NoticeKind.SPECIAL_PRICE: (
        Sentence(
            text=_("%(asked_by)s asks for special price %(number)s."),
            needs=("asked_by", "number"),
        ),
        Sentence(
            text=_("%(approved_by)s approved special price %(number)s."),
            needs=("approved_by", "number"),
        ),
        Sentence(
            text=_("%(refused_by)s refused special price %(number)s."),
            needs=("refused_by", "number"),
        ),
        Sentence(text=_("There is news of a special price.")),
    ),
}
