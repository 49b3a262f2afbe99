"""Nothing logs a contact past the guard, and nothing answers it by itself: read in the source."""

import ast
import re
from pathlib import Path

from tests.test_conventions import ROOMS, ROOT

# Where a contact is logged, and why the guard is asked there.
LOGGING = {
    "followups/services/aftermath.py",  # the form of a contact
    "followups/services/surveys.py",
    "followups/services/invitations.py",
    "followups/services/case_rating.py",
    "followups/services/measuring.py",  # measuring is agreed: outside by its channel
    "desk/services/registering.py",  # who registers has agreed
}
# Where a contact is written without the guard being asked.
WRITING = {
    "followups/services/contacts.py",  # log_contact itself, after the guard
    "customers/services/contacts.py",
    "customers/services/histories.py",  # what happened before us
}
# Who knows the reasons against the guard: their list, the forms that offer them, the rule.
REASONING = {
    "followups/states/guarding.py",
    "followups/forms/guarding.py",
    "desk/forms/calling.py",
    "followups/rules/guarding.py",
    "followups/guard_words.py",
}


def sources():
    """Every module of ours; the demonstration in `crm` plays the people who give their reasons."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _nodes(path: Path, *, saying: str):
    """All that a module says, where it says this word at all."""
    text = path.read_text()
    return ast.walk(ast.parse(text)) if saying in text else ()


def calls_of(path: Path, name: str) -> bool:
    nodes = _nodes(path, saying=name)
    return any(isinstance(node, ast.Call) and _name(node.func) == name for node in nodes)


WRITTEN = re.compile(
    r"\brecord_contact\(|\bContact\.objects\.(bulk_)?create\(|\bcopy_rows\(\s*CONTACTS\b"
)


def writes_contacts(path: Path) -> bool:
    return bool(WRITTEN.search(path.read_text()))


def answers_by_itself(path: Path) -> bool:
    return any(
        isinstance(node, ast.Attribute) and _name(node.value) == "Override"
        for node in _nodes(path, saying="Override")
    )


def test_contacts_are_logged_where_the_guard_is_asked():
    found = {name for name, path in sources() if calls_of(path, "log_contact")}
    assert found == LOGGING


def test_contacts_are_written_by_the_guarded_act_and_the_move_from_before_alone():
    assert {name for name, path in sources() if writes_contacts(path)} == WRITING


def test_no_service_answers_the_guard_by_itself():
    assert {name for name, path in sources() if answers_by_itself(path)} <= REASONING


def test_the_control_a_default_override_is_found(tmp_path):
    hole = tmp_path / "hole.py"
    hole.write_text('contact.setdefault("override", Override.NEEDED)\nlog_contact(**contact)\n')
    assert answers_by_itself(hole)
    assert calls_of(hole, "log_contact")
    assert not writes_contacts(hole)
