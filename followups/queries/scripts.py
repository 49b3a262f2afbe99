"""The script for the step at hand, and what its placeholders stand for (FUP-31)."""

from dataclasses import dataclass

from django.db.models import Q

from core.phones import mask_in_text
from customers.models import Customer, OwnedProduct
from customers.states import REACHED_OUTCOMES
from followups import rules
from followups.models import Article, Task
from followups.queries.tasks import TaskOfDay
from followups.states import PRODUCT_ANCHORS, ArticleKind, Situation, State


@dataclass(frozen=True, kw_only=True)
class ScriptsAtHand:
    """The script to read from, those of the task's other reasons, and those of situations."""

    script: Article
    beside: list[Article]
    others: list[Article]


def scripts_at_hand(
    *, customer: Customer, task: TaskOfDay | Task | None, wanted: int | None = None
) -> ScriptsAtHand | None:
    """What one reads from: `wanted`, else the script of the task's step, else that of the
    situation. None where all scripts are out of use.

    Three queries at most, whatever the task holds.
    """
    ids = _scripts_of(task)
    titles = list(
        Article.objects.filter(is_active=True, kind=ArticleKind.SCRIPT)
        .filter(Q(pk__in=ids) | ~Q(situation=""))
        .order_by("position", "pk")
        .only("pk", "code", "situation", "title_en", "title_zh")
    )
    beside = sorted((row for row in titles if row.pk in ids), key=lambda row: ids.index(row.pk))
    chosen = next((row for row in titles if row.pk == wanted), None)
    chosen = chosen or next(iter(beside), None) or _of_situation(titles, customer)
    if chosen is None:
        return None
    return ScriptsAtHand(
        script=Article.objects.get(pk=chosen.pk),
        beside=beside,
        others=[row for row in titles if row not in beside],
    )


def _scripts_of(task: TaskOfDay | Task | None) -> list[int]:
    """The scripts that the task's steps name, in the order of its reasons."""
    if task is None:
        return []
    reasons = getattr(task, "reasons", None)
    if reasons is None:
        reasons = task.obligations.filter(state=State.OPEN).select_related("step")
        reasons = reasons.order_by("due_at", "step__position", "pk")
    ids = [row.step.script_id for row in reasons]
    return list(dict.fromkeys(pk for pk in ids if pk is not None))


def _of_situation(titles: list[Article], customer: Customer) -> Article | None:
    reached = customer.contacts.filter(voided_at=None, outcome__in=REACHED_OUTCOMES)
    wanted = rules.situation_at_hand(is_first=not reached.exists(), grade=customer.grade)
    order = (wanted, Situation.NEXT_STEP)
    return next((row for at in order for row in titles if row.situation == at), None)


def product_at_hand(*, customer: Customer, task: TaskOfDay | Task | None) -> str:
    """What the talk is about: the product of the task's step, else the newest that they own."""
    reasons = getattr(task, "reasons", ())
    ids = [row.subject_id for row in reasons if row.step.anchor in PRODUCT_ANCHORS]
    products = OwnedProduct.objects.filter(customer=customer)
    products = products.filter(pk=ids[0]) if ids else products.filter(gone_on=None)
    name = products.order_by("-added_at", "-pk").values_list("product", flat=True).first()
    return mask_in_text(name or "")
