"""Lead filing told a second time, from the rulebook alone: what the rules are held against.

One customer's leads as plain lists. Nothing here knows of `filings.rules`; where both agree on a
hundred thousand histories, a mistake would have to be made twice.
"""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from types import SimpleNamespace as Lead
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def midnight(at, days):
    """24:00 of the day so many days after that of `at`: days are whole, the first not counted."""
    return datetime.combine(at.astimezone(ZONE).date() + (days + 1) * DAY, time(), ZONE)


class Reference:
    """What is so after the steps heard so far."""

    def __init__(self, *, quota, ends_by_deposit_only=False):
        self.quota, self.ends_by_deposit_only = quota, ends_by_deposit_only
        self.leads, self.deals, self.slots = {}, {}, {}

    def on(self, project):
        return [lead for lead in self.leads.values() if lead.project == project]

    def hold(self, lead):
        return max(lead.held, lead.asked[1] if lead.asked else lead.held)

    def limit(self, lead):
        is_measured = any(act[2] for act in lead.acts)
        return max(lead.limit, self.hold(lead)) if lead.limit and not is_measured else None

    def end(self, lead):
        silent = midnight(max([lead.filed, *(act[1] for act in lead.acts)]), 10)
        end = max([silent, *lead.longer, *self.handed_to(lead)])
        return max(min(end, self.limit(lead) or end), self.hold(lead))

    def handed_to(self, lead):
        """Three days for a new holder, unless nobody did anything since the one before."""
        ends, is_fresh = [], True
        for what, told in lead.story:
            if what == "hand" and is_fresh:
                ends.append(midnight(told, 3))
            is_fresh = what == "act"
        return ends

    def holds(self, lead, at):
        is_none = lead.refused or lead.void
        return not is_none and any(start <= at < end for start, end in lead.spans)

    def stands(self, lead):
        return not (lead.refused or lead.void or lead.gone)

    def status(self, lead, at):
        if lead.refused or lead.void:
            return lead.refused or lead.void
        if lead.gone and at >= lead.gone[1]:
            return lead.gone[0]
        if self.holds(lead, at):
            return "protected"
        limit = self.limit(lead)
        return "VOID_15D" if limit and at >= limit else "LAPSED_10D"

    def go_on(self, lead, at):
        """The stretch that runs ends elsewhere, or a new one begins."""
        if self.holds(lead, at):
            lead.spans[-1][1] = max(self.end(lead), at)
        elif self.end(lead) > at:
            lead.spans.append([at, self.end(lead)])

    def gap_ends(self, project, at):
        for lead in self.on(project):
            lead.taken = True
            if self.stands(lead) and not self.holds(lead, at):
                lead.gone = (self.status(lead, at), at)

    def slot(self, person, at):
        return self.slots.setdefault((person, f"{at.astimezone(ZONE):%Y-%m}"), [0, 0])

    def file(self, at, key, project, person, is_field, had):
        held = [
            lead for lead in self.on(project)
            if self.holds(lead, at) or (self.ends_by_deposit_only and self.stands(lead)
            and self.status(lead, at) == "LAPSED_10D" and lead.holder != person)
        ]  # fmt: skip
        used, more = self.slot(person, at)
        fails = {
            "AFTER_DEAL": any(deal.project == project for deal in self.deals.values()),
            "LATE_24H": (at - had) // timedelta(seconds=1) > 86_400,
            "LATER_FILER": bool(held),
            "OVER_QUOTA": is_field and used >= self.quota + more,
        }
        refused = next((code for code, is_so in fails.items() if is_so), "")
        lead = Lead(
            key=key, project=project, filer=person, holder=person, filed=at, is_field=is_field,
            refused=refused, void="", gone=None, taken=False, acts=[], spans=[], longer=[],
            limit=midnight(at, 15) if is_field else None, asked=None, held=at, extended=0, story=[],
            is_later=False, is_joined=False,
        )  # fmt: skip
        if not refused:
            self.gap_ends(project, at)
            self.go_on(lead, at)
            self.slot(person, at)[0] += is_field
        self.leads[key] = lead

    @contextmanager
    def as_if_first(self, lead):
        """What was only found to be the later one keeps its acts, should it stand again."""
        void, lead.void = lead.void, "" if lead.is_later else lead.void
        yield
        lead.void = void

    def contact(self, at, key, project, person, real, is_measuring=False):
        for lead in self.on(project):
            others = [one for one in self.on(project) if one is not lead and self.holds(one, at)]
            with self.as_if_first(lead):
                is_open = self.stands(lead) and self.status(lead, at) != "VOID_15D"
                if lead.holder == person and at - real <= DAY and is_open and not others:
                    lead.acts.append((key, real, is_measuring))
                    lead.story.append(("act", key))
                    self.go_on(lead, at)

    def void_contact(self, at, key):
        for lead in self.leads.values():
            before, lead.acts = lead.acts, [act for act in lead.acts if act[0] != key]
            lead.story = [step for step in lead.story if step != ("act", key)]
            with self.as_if_first(lead):
                if before != lead.acts and self.stands(lead) and self.holds(lead, at):
                    self.go_on(lead, at)

    def ask(self, at, key, filing, until, is_limit):
        lead = self.leads[filing]
        is_pending = lead.asked and at < lead.asked[1]
        if self.stands(lead) and self.holds(lead, at) and not is_pending and not lead.extended:
            lead.held, lead.asked = self.hold(lead), (key, until, is_limit)
            self.go_on(lead, at)

    def answer(self, at, key, filing, until):
        lead = self.leads[filing]
        if not lead.asked or lead.asked[0] != key:
            return
        (_key, held_until, is_limit), lead.asked = lead.asked, None
        lead.held = max(lead.held, min(at, held_until))
        if self.holds(lead, at):
            if until and self.stands(lead):
                lead.extended += 1
                if is_limit and lead.is_field:
                    lead.limit = max(lead.limit, until)
                else:
                    lead.longer.append(until)
            self.go_on(lead, at)

    def withdraw(self, at, filing, code):
        lead = self.leads[filing]
        if code == "REVIEW_REJECTED" and (lead.refused or lead.void):
            return
        if code == "REVIEW_REJECTED" and lead.is_field:
            self.slot(lead.filer, lead.filed)[0] -= 1
        lead.void, lead.asked = lead.void or code, None

    def release(self, at, filing):
        lead = self.leads[filing]
        if self.stands(lead):
            if self.holds(lead, at):
                lead.spans[-1][1] = at
            lead.gone, lead.taken = ("RELEASED_D", at), False

    def resume(self, at, filing):
        """A release, a merge, or a ruling that it came later, is taken back."""
        lead = self.leads[filing]
        if any(self.holds(one, at) for one in self.on(lead.project)):
            return
        if lead.is_later:
            lead.void, lead.is_later = "", False
        elif lead.is_joined and not lead.void:
            lead.gone, lead.is_joined = None, False
        elif lead.gone and lead.gone[0] == "RELEASED_D" and not lead.taken and not lead.void:
            lead.gone = None
            self.go_on(lead, at)

    def join(self, at, filing):
        """Two cards are one, and another lead stands for this home."""
        lead = self.leads[filing]
        lead.taken = True
        if self.stands(lead) and not self.holds(lead, at):
            lead.gone, lead.is_joined = (self.status(lead, at), at), True

    def later(self, at, filing):
        """A ruling, or a merge, finds that it came later: void, but for that being taken back."""
        lead = self.leads[filing]
        lead.asked, lead.is_later = None, lead.is_later or not lead.void
        lead.void = lead.void or "LATER_FILER"

    def rule(self, at, filing):
        """A ruling gives it to one refused as the later or the late one; the others came later."""
        lead = self.leads[filing]
        if lead.refused not in ("LATER_FILER", "LATE_24H") or lead.void:
            return
        lead.story = [("hand", at)]
        if self.end(lead) <= at:
            lead.story = []
            return
        for other in self.on(lead.project):
            if other is not lead and self.stands(other):
                self.later(at, other.key)
        self.gap_ends(lead.project, at)
        lead.refused = ""
        self.slot(lead.filer, lead.filed)[0] += lead.is_field
        self.go_on(lead, at)

    def hand_over(self, at, filing, person):
        lead = self.leads[filing]
        lead.holder = person
        if self.holds(lead, at):
            lead.story.append(("hand", at))
            self.go_on(lead, at)

    def deposit(self, at, key, project, closer):
        """Whose it is, and each lead just before it."""
        leads = self.on(project)
        found = {
            lead.key: "AFTER_DEAL" if not lead.refused and lead.filed >= at
            else self.status(lead, at) for lead in leads
        }  # fmt: skip
        won = next((lead for lead in leads if found[lead.key] == "protected"), None)
        self.gap_ends(project, at)
        self.deals[key] = Lead(project=project, at=at, won=won, slot=None)
        self.close(won)
        return (won.holder if won else closer), found

    def close(self, won):
        """However many deposits are the same lead's, it closes once: by the first that stands."""
        own = [deal for deal in self.deals.values() if won and deal.won is won]
        if own and won.is_field and not any(deal.slot for deal in own):
            first = min(own, key=lambda deal: deal.at)
            first.slot = self.slot(won.holder, first.at)
            first.slot[1] += 1

    def reopen(self, deal):
        if deal.slot:
            deal.slot[1] -= 1
        deal.slot = None

    def refund(self, at, key):
        deal = self.deals.pop(key)
        had_slot = bool(deal.slot)
        self.reopen(deal)
        if had_slot:
            self.close(deal.won)

    def credit(self, at, key, filing):
        """A ruling gives the deal to another lead, or shares it: then it is nobody's."""
        deal = self.deals[key]
        self.reopen(deal)
        before, deal.won = deal.won, self.leads.get(filing)
        self.close(before)
        self.close(deal.won)
