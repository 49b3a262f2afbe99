"""Why a filing was refused, in words, and what to do now."""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from filings.models import Filing
from filings.queries import terms_of
from filings.states import Invalid
from filings.wording.moments import limit_text

# Of each refusal the sentence, and what to do now.
REFUSED = {
    Invalid.INCOMPLETE: (
        gettext_lazy("Something is missing: this customer is not filed."),
        gettext_lazy("Complete the card: it is filed at that moment."),
    ),
    Invalid.AFTER_DEAL: (
        gettext_lazy("They have taken this purchase already: a filing after the deal is void."),
        gettext_lazy("For another home, file a new project."),
    ),
    Invalid.LATE_24H: (
        gettext_lazy(
            "More than %(hours)s hours have passed since you had the data: the filing is void."
        ),
        gettext_lazy(
            "The customer stays on your list. Reach them again after %(until)s: then you have "
            "%(hours)s hours to file, unless a colleague was first."
        ),
    ),
    Invalid.OUT_OF_SCOPE: (
        gettext_lazy("They have bought from us: buying again for the same home is not filed."),
        gettext_lazy("For another home, file a new project."),
    ),
    Invalid.CROSS_REGION: (
        gettext_lazy(
            "The address lies in another region, and there is no reason to file it from here."
        ),
        gettext_lazy("File again with one of the three reasons and its proof."),
    ),
    Invalid.LATER_FILER: (
        gettext_lazy("This customer has been filed already and is protected."),
        gettext_lazy("You are told when they are free. If you were first, ask for a ruling."),
    ),
    Invalid.OVER_QUOTA: (
        gettext_lazy("Your quota of this month is used up: the filing is void."),
        gettext_lazy("A deal of yours gives one back at once. Then file again from the card."),
    ),
}


def why_void(filing: Filing) -> tuple[str, ...]:
    """Why a filing that is not made would be void, and what to do.

    The hours that begin with a refusal for lateness do not, where there is none.
    """
    sentence, advice = refusal_of(filing)
    return (sentence,) if filing.invalid == Invalid.LATE_24H else (sentence, advice)


def refusal_of(filing: Filing) -> tuple[str, str]:
    """Why a filing was refused, and what to do; nothing of whoever was first (decision 4)."""
    sentence, advice = REFUSED[Invalid(filing.invalid)]
    terms = terms_of(filing.policy)
    said = {"hours": terms.file_within_hours, "until": ""}
    if filing.submitted_at is not None:
        until = filing.submitted_at + timedelta(hours=terms.release_wait_hours)
        said["until"] = limit_text(until, zone=filing.store.tzinfo)
    return str(sentence) % said, str(advice) % said
