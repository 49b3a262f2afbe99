"""The guard's objections and the reasons against them, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import moment_text
from core.labels import labelled
from core.phones import mask_in_text
from core.rules import Blocker
from customers.states import Channel, Reason
from followups import rules
from followups.states import Override

SENTENCES = {
    "contacted_lately": gettext_lazy(
        "%(who)s reached this customer %(when)s (%(how)s). A second contact on one day needs a "
        "reason."
    ),
    "contacted_within_gap": gettext_lazy(
        "%(who)s reached this customer %(when)s (%(how)s). We leave this grade %(days)s days "
        "between contacts."
    ),
    "reason_worn": gettext_lazy(
        "“%(reason)s” was the reason the last two times. Bring something new, or say why."
    ),
    "quiet_hours": gettext_lazy("No calls between %(start)s and %(end)s."),
    "outside_hours": gettext_lazy(
        "This customer may be called between %(start)s and %(end)s only."
    ),
    "wishes_no_contact": gettext_lazy(
        "This customer wishes no contact. Only what a contract or case needs is reason enough."
    ),
    "wishes_no_visits": gettext_lazy("This customer wishes no visits. Call instead."),
    "wishes_no_marketing": gettext_lazy(
        "This customer wishes no marketing. Choose another reason than an event."
    ),
}


def sentence_of(objection: Blocker) -> str:
    """One objection as a whole sentence, with who, when and how."""
    facts: dict[str, Any] = dict(objection.params)
    code = objection.code
    if code == "contacted_lately":
        code = "contacted_within_gap" if facts["days"] > 1 else code
        facts["when"] = moment_text(facts["at"], now=facts["asked_at"])
        facts["how"] = str(Channel(facts["channel"]).label)
    elif code == "reason_worn":
        facts["reason"] = str(Reason(facts["reason"]).label)
    elif "start" in facts:
        facts = {name: f"{hour:%H:%M}" for name, hour in facts.items()}
    return str(SENTENCES[code]) % facts


def already_reached(objection: Blocker) -> str:
    """The short form, for a row of a list: reached by Lin, today 10:05."""
    facts = objection.params
    when = moment_text(facts["at"], now=facts["asked_at"])  # type: ignore[arg-type]
    return _("reached by %(who)s, %(when)s") % {"who": facts["who"], "when": when}


def hours_words(objection: Blocker) -> str:
    """The short form, for a row of a list: may be called 19:00–20:00."""
    facts = {name: f"{hour:%H:%M}" for name, hour in objection.params.items()}
    return _("may be called %(start)s–%(end)s") % facts


def override_words(override: str) -> str:
    """Why a contact was made all the same, as it was chosen and typed."""
    code = rules.override_code(override)
    if code not in Override.values:
        return mask_in_text(override)
    typed = mask_in_text(override.partition(":")[2].strip())
    return labelled(str(Override(code).label), typed)
