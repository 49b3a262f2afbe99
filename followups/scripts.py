"""The script beside a form, with this customer's facts in place of its placeholders."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.markdown import as_html
from customers.models import Customer
from followups import rules
from followups.models import Article
from followups.queries.scripts import ScriptsAtHand, product_at_hand, scripts_at_hand
from followups.queries.tasks import TaskOfDay
from staff.models import Person

# What stands for a placeholder on the page of knowledge, where there is no customer.
SLOT_WORDS = {
    "name": gettext_lazy("name"),
    "title": gettext_lazy("title"),
    "product": gettext_lazy("product"),
    "person": gettext_lazy("your name"),
    "store": gettext_lazy("store"),
}


@dataclass(frozen=True, kw_only=True)
class OtherScript:
    """A script that one may turn to: `url` opens it in place of this one."""

    title: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class ScriptPanel:
    """What `components/script.html` draws: the words to say to this customer; `turn_url` is this
    script with the list of the others open.
    """

    title: str
    about: str
    html: SafeString
    page_url: str
    url: str
    turn_url: str
    others: list[OtherScript]


def panel_of(
    *, customer: Customer, task: TaskOfDay | None, by: Person, wanted: int | None = None
) -> ScriptPanel | None:
    """The script to read from while talking to this customer; None where there is none."""
    found = scripts_at_hand(customer=customer, task=task, wanted=wanted)
    if found is None:
        return None
    values = {
        "name": customer.shown_name,
        "title": customer.shown_title,
        "product": product_at_hand(customer=customer, task=task) or _("what you chose"),
        "person": by.name,
        "store": customer.store.name,
    }
    address = script_url(customer, task, found.script.pk)
    return ScriptPanel(
        title=found.script.title,
        about=_about(found),
        html=spoken(found.script.body, values),
        page_url=reverse("followups:article", args=[found.script.pk]),
        url=address,
        turn_url=f"{address}&others=1",
        others=[
            OtherScript(
                title=row.title,
                url=script_url(customer, task, row.pk),
                is_current=row.pk == found.script.pk,
            )
            for row in [*found.beside, *found.others]
        ],
    )


def script_url(customer: Customer, task: TaskOfDay | None, article: int | None = None) -> str:
    """The page of a script for this customer and task."""
    asked = {name: pk for name, pk in (("task", task and task.pk), ("article", article)) if pk}
    address = reverse("followups:script", args=[customer.pk])
    return f"{address}?{urlencode(asked)}" if asked else address


def spoken(body: str, values: Mapping[str, str]) -> SafeString:
    """A text with these facts in it; they are shown as they are, whatever signs they hold."""
    safe = {name: str(escape(value)) for name, value in values.items()}
    return mark_safe(rules.filled(as_html(body), safe))


def read(body: str) -> SafeString:
    """A text as the page of knowledge shows it: each placeholder a word of its own."""
    words = {name: f'<span class="slot">{escape(word)}</span>' for name, word in SLOT_WORDS.items()}
    return mark_safe(rules.filled(as_html(body), words))


def blanks() -> dict[str, str]:
    """What stands for a placeholder where a text is quoted without its dress: 〔name〕."""
    return {name: f"〔{word}〕" for name, word in SLOT_WORDS.items()}


def _about(found: ScriptsAtHand) -> str:
    script: Article = found.script
    return str(script.get_situation_display()) if script.situation else ""
