"""What the page of a campaign says: its facts, its figures and what is left to do."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.days import day_text, moment_text
from core.phones import mask_in_text
from desk.lists.campaigns import of_target
from desk.lists.guests import BOUGHT
from followups.models import Campaign
from followups.queries import campaigns as queries
from followups.queries.campaigns import Figures
from followups.rules.wordings import filled
from followups.states import CampaignKind, CampaignState
from staff.scope import Reach

# Smaller figures, each a list of its own.
COUNTS = (
    ("unsent", gettext_lazy("not written to"), "unsent"),
    ("unanswered", gettext_lazy("not asked yet"), "unanswered"),
    ("undecided", gettext_lazy("undecided"), "undecided"),
    ("not_coming", gettext_lazy("not coming"), "not_coming"),
    ("walked_in", gettext_lazy("came unasked"), "walked_in"),
    ("withheld", gettext_lazy("kept off by the guard"), "kept_off"),
)
# Nobody answers care, or comes to it.
OF_CARE = ("unsent", "withheld")
SHOW_WORDS = {
    "invited": gettext_lazy("invited"),
    "sent": pgettext_lazy("guests", "written to"),
    "coming": gettext_lazy("coming"),
    "came": gettext_lazy("came"),
    BOUGHT: pgettext_lazy("guests", "bought"),
    **{show: label for show, label, _name in COUNTS},
}


def kind_of(found: Campaign) -> str:
    """What it is: an event, care, or calls about goods."""
    return _("Calls about goods") if is_of_goods(found) else str(CampaignKind(found.kind).label)


def is_of_goods(found: Campaign) -> bool:
    """Whether its guests are called about a style: they come when they like, to try it on."""
    return found.style_id is not None


def facts_of(found: Campaign) -> list[tuple[str, str]]:
    """When, where and by whom."""
    begins, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    today = timezone.localdate()
    if is_of_goods(found):
        return [
            (pgettext("calls about goods", "Call by"), day_text(begins.date(), today=today)),
            (_("Counts until"), day_text(ends.date(), today=today)),
            (_("Store"), found.store.name if found.store else _("several stores")),
            (_("Put together by"), found.made_by.name),
        ]
    last = f"{ends:%H:%M}"
    if ends.date() != begins.date():
        last = f"{day_text(ends.date(), today=today)} {ends:%H:%M}"
    return [
        (_("When"), f"{day_text(begins.date(), today=today)} {begins:%H:%M} – {last}"),
        (_("Store"), found.store.name if found.store else _("several stores")),
        (_("Place"), mask_in_text(found.place) or "–"),
        (_("Planned by"), found.made_by.name),
    ]


def text_of(found: Campaign) -> str:
    """What the guests read, with the store as they read it; their own places stay open."""
    store = found.store.name if found.store else _("The customer's store")
    return mask_in_text(filled(text=found.text, values={"store": store}))


def stats_of(found: Campaign, told: Figures, *, reach: Reach) -> list[dict[str, object]]:
    """Invited, coming, came, bought: each opens its people. Targets are for all of the guests."""
    is_care, is_all = found.kind == CampaignKind.CARE, queries.sees_everybody(reach, found)
    invited = of_target(told.invited, found.target_invited if is_all else None)
    came = of_target(told.came, found.target_attended if is_all else None)
    rows = [("invited", invited, ""), ("coming", str(told.coming), ""), ("came", came, "")]
    called = {"invited": _("on the list")} if is_of_goods(found) else {}
    if is_care:
        rows = [("invited", invited, ""), ("sent", str(told.sent), "")]
    of_them = _("%(count)s of them came") % {"count": told.bought_who_came}
    rows.append((BOUGHT, str(told.bought), of_them if told.bought and not is_care else ""))
    base = reverse("desk:campaign_guests", args=[found.pk])
    stats = [
        _stat(value, called.get(show, SHOW_WORDS[show]), f"{base}?show={show}", note)
        for show, value, note in rows
    ]
    unpriced = _("%(count)s without a price") % {"count": told.unpriced} if told.unpriced else ""
    note = unpriced or (_aim(found) if is_all else "")
    return [*stats, _stat(f"¥{told.amount:,.2f}", _("amount"), f"{base}?show={BOUGHT}", note)]


def _stat(value: str, label: object, url: str, note: str) -> dict[str, object]:
    return {
        "value": value, "label": str(label), "url": url, "unit": "", "tone": "", "formula": "",
        "note": note,
    }  # fmt: skip


def _aim(found: Campaign) -> str:
    if found.target_amount is None:
        return ""
    return _("of ¥%(amount)s aimed at") % {"amount": f"{found.target_amount:,.0f}"}


def counts_of(found: Campaign, told: Figures) -> list[dict[str, object]]:
    """What is left to do, and what became of the rest."""
    base = reverse("desk:campaign_guests", args=[found.pk])
    shown = OF_CARE if found.kind == CampaignKind.CARE else [show for show, *_rest in COUNTS]
    return [
        {"label": str(label), "count": getattr(told, name), "url": f"{base}?show={show}"}
        for show, label, name in COUNTS
        if show in shown and getattr(told, name)
    ]


def whose_words(found: Campaign, *, reach: Reach) -> str:
    """Whose guests the figures count, where these are not all; "" where they are."""
    if queries.sees_everybody(reach, found):
        return ""
    return _("Guests of your stores") if reach.leads_stores else _("Your own guests")


def called_off_words(found: Campaign) -> str:
    """Why it does not take place, and who said so; "" while it does."""
    if found.state != CampaignState.CALLED_OFF:
        return ""
    entry = queries.calling_off(found)
    if entry is None:
        return ""
    who = entry.by.name if entry.by else "–"
    when = moment_text(entry.at, now=timezone.now())
    if not entry.reason:
        return _("Called off by %(who)s, %(when)s.") % {"who": who, "when": when}
    said = {"who": who, "when": when, "reason": entry.reason}
    return _("Called off by %(who)s, %(when)s: %(reason)s") % said


def nobody_left(found: Campaign, told: Figures) -> str:
    """Why nobody is offered to be asked next."""
    if not told.invited:
        return (
            _("Nobody of yours is on this list.")
            if is_of_goods(found)
            else _("Nobody of yours is invited yet.")
        )
    left = told.unsent if found.kind == CampaignKind.CARE else told.unanswered
    if not left:
        return (
            _("All of yours are called.")
            if is_of_goods(found)
            else _("All of your guests are asked.")
        )
    if is_of_goods(found):
        return _(
            "Nobody is left for you to call. Who is not called yet is a colleague's, or may not be "
            "called now."
        )
    return _(
        "Nobody is left for you to ask. Who is not asked yet is a colleague's, or may not be asked "
        "now."
    )


def door_is_open(found: Campaign) -> bool:
    """Whether there is a list at the door to be led to: of an event that is not over."""
    is_over = found.state in (CampaignState.OVER, CampaignState.CALLED_OFF)
    return found.kind == CampaignKind.EVENT and not is_over


def move_words(found: Campaign, to: CampaignState) -> str:
    """The word of the act that moves a campaign on."""
    if to == CampaignState.INVITING and found.state == CampaignState.OVER:
        return pgettext("campaign", "Open again")
    words = {
        CampaignState.INVITING: _("Begin to invite"),
        CampaignState.OVER: _("It is over"),
        CampaignState.CALLED_OFF: _("Call it off"),
        CampaignState.PLANNED: _("Take it up again"),
    }
    return words[to]
