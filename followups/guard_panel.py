"""What the guard shows on the form of a contact: its sentences, and when a reason is asked for."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.rules import Blocker
from customers.models import Customer
from customers.states import Channel, Reason
from followups import rules
from followups.guard_words import already_reached, sentence_of
from followups.queries import TaskOfDay
from followups.queries.guarding import Allowed, allowed_by, guard_facts
from followups.rules import Attempt, GuardFacts
from followups.rules.care import worn_reason


@dataclass(frozen=True, kw_only=True)
class Objection:
    """One sentence of the guard; `when` is the answer of the form to which it belongs."""

    code: str
    text: str
    when: str


@dataclass(frozen=True, kw_only=True)
class GuardPanel:
    """All that the guard says of a contact about to be made.

    `now`: what holds whatever is chosen; `chosen`: what some answers bring up; `asks_when`: where
    a reason is asked for; `contact_id`: the contact of ours that this one would follow too soon.
    """

    now: Sequence[str]
    chosen: Sequence[Objection]
    asks_when: str
    worn: str
    contact_id: int | None
    already: str

    @property
    def wishes_no_contact(self) -> bool:
        """Only what a contract or case needs is reason enough for whoever sells."""
        return any(each.code == "wishes_no_contact" for each in self.chosen)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a form asks of a contact: the answers that reach somebody, and those that were `missed`,
    each with its channel, in which field they stand, and the reason, where the form has its own.
    """

    ways: Mapping[str, Channel]
    missed: Mapping[str, Channel] = dataclasses.field(default_factory=dict)
    field: str = "result"
    reason: Reason | str = ""


def panel_for(
    customer: Customer, *, task: TaskOfDay | None, asked: Asked, now: datetime
) -> GuardPanel:
    """The guard's view of a contact with this customer now, for each answer of the form."""
    facts = guard_facts(customer, at=now)
    allowed = allowed_by(task, now=now)
    chosen = [
        Objection(code=blocker.code, text=sentence_of(blocker), when=_when(asked, answers, reason))
        for (blocker, reason), answers in _by_answer(facts, allowed, asked, now)
    ]
    attempt = Attempt(at=now, channel=Channel.CALL, reason=asked.reason, **allowed)
    call = rules.pestering(attempt=attempt, facts=facts)
    soon = next((each for each in call if each.code == "contacted_lately"), None)
    return GuardPanel(
        now=[sentence_of(each) for each in call],
        chosen=chosen,
        asks_when=";".join(dict.fromkeys(each.when for each in chosen)),
        worn=worn_reason([each.reason for each in facts.before]),
        contact_id=int(str(soon.params["contact"])) if soon else None,
        already=already_reached(soon) if soon else "",
    )


Found = list[tuple[tuple[Blocker, str], list[str]]]


def _by_answer(facts: GuardFacts, allowed: Allowed, asked: Asked, now: datetime) -> Found:
    """Each objection, the reason it hangs on (or ""), and the answers that bring it up."""
    worn = worn_reason([each.reason for each in facts.before])
    choices = [""] if asked.reason else ["", *dict.fromkeys([worn, Reason.EVENT])]
    found: dict[tuple[str, str], tuple[Blocker, list[str]]] = {}
    for name, channel in {**asked.ways, **asked.missed}.items():
        plain: set[str] = set()
        is_reached = name in asked.ways
        for reason in dict.fromkeys(choices if is_reached else [""]):
            attempt = Attempt(
                at=now,
                channel=channel,
                reason=(reason or asked.reason) if is_reached else "",
                is_reached=is_reached,
                **allowed,
            )
            for blocker in rules.pestering(attempt=attempt, facts=facts):
                if blocker.code in plain:
                    continue
                if not reason:
                    plain.add(blocker.code)
                held = found.setdefault((blocker.code, reason), (blocker, []))
                held[1].append(name)
    return [((blocker, reason), names) for (_code, reason), (blocker, names) in found.items()]


def _when(asked: Asked, answers: Sequence[str], reason: Reason | str) -> str:
    """The form's condition: one of these answers, not begun by the customer, this reason."""
    parts = [f"{asked.field}:{'|'.join(answers)}", "is_inbound!on"]
    return ",".join([*parts, f"reason:{reason}"] if reason else parts)
