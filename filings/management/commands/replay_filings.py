"""`manage.py replay_filings FILE [--policy NAME]`: worked cases decided by the live rules."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from filings.casefiles.case import CaseFile, Decided, NotDecided
from filings.casefiles.rows import ZONE, CaseNotRead
from filings.casefiles.terms import TermsNotRead, terms_named
from filings.rules import Reason
from filings.wording import sentence


def _reason(reason: Reason) -> dict[str, object]:
    """One reason in words; a case's people and filings go by the names it gives them."""
    return {
        "clause": reason.clause,
        "text": sentence(reason, name_of=str, zone=ZONE),
        "at": reason.at.astimezone(ZONE).isoformat() if reason.at else None,
    }


def _as_json(decided: Decided) -> dict[str, object]:
    """The keys that scripts read."""
    decision = decided.decision
    return {
        "id": decided.case,
        "owner": decision.owner,
        "filings": dict(decided.statuses),
        "verdict": decision.verdict.value,
        "flags": [flag.value for flag in decision.flags],
        "reasons": [_reason(reason) for reason in decision.reasons],
    }


def _read(name: str) -> object:
    """A file of cases. Raises CommandError with a sentence."""
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not written in UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise CommandError(f"{name} is not JSON: {error}.") from error


class Command(BaseCommand):
    help = "Decide the cases of a file with the live rules, in no database; one JSON object a case."
    requires_system_checks: list = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help="cases as docs/cases.md describes them")
        parser.add_argument(
            "--policy", default="furniture", metavar="NAME",
            help="a policy that ships (furniture, cars, …), or a JSON file of its parameters",
        )  # fmt: skip

    def handle(self, *args, **options) -> None:
        try:
            terms = terms_named(options["policy"])
            cases = CaseFile(_read(options["file"]), terms=terms)
        except (TermsNotRead, CaseNotRead) as refusal:
            raise CommandError(str(refusal)) from refusal
        has_failed = False
        for found in cases.decide_each():
            if isinstance(found, NotDecided):
                has_failed = True
                self.stderr.write(str(found.refusal))
            else:
                self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False))
        if has_failed:
            sys.exit(1)
