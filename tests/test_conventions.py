"""The house rules that a reader cannot be trusted to check on every change."""

import ast
import os
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template import Context, Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from staff.access import public, signed_in
from tests.conftest import UndefinedVariable

ROOT = Path(settings.BASE_DIR)
ROOMS = (
    "core", "staff", "stock", "customers", "filings", "followups", "orders", "reports", "desk",
)  # fmt: skip
# Pages that a stranger may open. One more is a decision, not an accident.
PUBLIC = {
    "staff:sign_in",
    "staff:sign_out",
    "staff:language",
    "staff:forgot",
    "staff:forgot_sent",
    "staff:welcome",
    "health",
    "desk:lead_in",  # signed by the platform that sends
    "followups:feed",  # the key in its address is the right
}
PATH_VALUES = {"int": "1", "str": "x", "slug": "x", "uuid": "0" * 8, "path": "x"}


def our_patterns(resolver=None, prefix="", space=""):
    """(name, address, view) of every page that is ours; Django's admin guards itself."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name == "admin":
                continue
            inner = f"{entry.namespace}:" if entry.namespace else space
            yield from our_patterns(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", prefix + str(entry.pattern), entry.callback


def filled(address: str) -> str:
    """The address with something plausible in each place."""
    return "/" + re.sub(
        r"<(?:(\w+):)?(\w+)>", lambda place: PATH_VALUES.get(place[1] or "str", "x"), address
    )


def undeclared(patterns) -> list[str]:
    return [name for name, _address, view in patterns if not hasattr(view, "access")]


def test_every_view_declares_its_access():
    assert undeclared(our_patterns()) == []


def test_the_control_a_view_without_a_declaration_is_found():
    def forgotten(request):
        """A view whose writer forgot."""

    patterns = [("a:b", "a/", forgotten), ("a:c", "c/", signed_in(forgotten))]
    assert undeclared(patterns) == ["a:b"]


def test_only_the_listed_pages_are_public():
    found = {name for name, _address, view in our_patterns() if view.access == "public"}
    assert found <= PUBLIC
    assert public(lambda request: None).access == "public"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_sign_in_everywhere_else(method):
    client = Client(raise_request_exception=False)
    for name, address, view in our_patterns():
        if view.access == "public":
            continue
        answer = getattr(client, method)(filled(address))
        assert answer.status_code in (302, 404, 405), (name, answer.status_code)
        if answer.status_code == 302:
            assert answer.url.startswith("/sign-in"), (name, answer.url)


def test_an_undefined_template_variable_fails():
    template = Template("{{ nobody_gave_this }}")
    template.origin.name = str(ROOT / "templates" / "x.html")
    with pytest.raises(UndefinedVariable, match="nobody_gave_this"):
        template.render(Context({}))


def test_a_package_template_keeps_its_habits():
    template = Template("{{ nobody_gave_this }}")
    template.origin.name = "/x/site-packages/y/templates/x.html"
    assert template.render(Context({})) == ""


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in ROOMS]


# Django's own, and two that say more: what makes a violation one, and the limit warned of.
DATETIME_NAMES = {"at", "last_login", "moment", "warned_of"}
# The day at whose close figures stand, as books call it.
DATE_NAMES = {"as_of"}


def test_datetimes_end_in_at_and_dates_in_on():
    wrong = []
    for model in our_models():
        if "History" in model.__name__ or "Event" in model.__name__:
            continue
        for field in model._meta.concrete_fields:
            name = field.name
            if isinstance(field, models.DateTimeField):
                if name not in DATETIME_NAMES and not name.endswith(("_at", "_until")):
                    wrong.append(f"{model.__name__}.{name}")
            elif (
                isinstance(field, models.DateField)
                and name not in DATE_NAMES
                and not name.endswith(("_on", "on", "day", "_from", "_until"))
            ):
                wrong.append(f"{model.__name__}.{name}")
    assert wrong == []


def test_constraints_are_named_with_a_phrase():
    names = [constraint.name for model in our_models() for constraint in model._meta.constraints]
    assert [name for name in names if "_" not in name] == []


def test_no_room_has_a_drawer_for_odds_and_ends():
    banned = {"utils", "helpers", "common", "misc"}
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.stem in banned]
    assert found == []


@pytest.fixture(scope="module")
def modules():
    """Each module of ours: its path, and what was parsed of it."""
    return [
        (path.relative_to(ROOT), ast.parse(path.read_text()))
        for room in (*ROOMS, "crm")
        for path in (ROOT / room).rglob("*.py")
    ]


def statements(node: ast.AST):
    """What stands in a body, and all within; definitions and imports stand nowhere else, and what
    is said within a line is ten times as much.
    """
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for each in getattr(node, part, ()):
            yield each
            yield from statements(each)


@pytest.fixture(scope="module")
def told(modules):
    """What each module of ours defines and imports: its path, and the nodes that say so."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.ImportFrom)
    return [
        (path, node)
        for path, tree in modules
        if "migrations" not in path.parts
        for node in statements(tree)
        if isinstance(node, kinds)
    ]


def test_no_model_overrides_save_and_nobody_uses_signals(told):
    wrong = []
    for path, node in told:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(part, ast.FunctionDef) and part.name == "save" for part in node.body
        ):
            wrong.append(f"{path}: {node.name}.save")
        if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
            wrong.append(f"{path}: signals")
    assert wrong == []


def test_modules_stay_under_400_lines_and_tests_under_500():
    long = []
    for path in ROOT.glob("*/**/*.py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] not in (*ROOMS, "crm", "tests") or "migrations" in parts:
            continue
        limit = 500 if parts[0] == "tests" else 400
        length = len(path.read_text().splitlines())
        if length > limit:
            long.append((str(path.relative_to(ROOT)), length))
    assert long == []


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does, without its signature and docstring."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = node.body[1:] if is_docstring else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_split_by_45_lines(told):
    lengths = [
        (f"{path}:{node.name}", body_length(node))
        for path, node in told
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(lengths) > 1000
    assert [(name, length) for name, length in lengths if length > 45] == []


def test_a_file_keeps_to_one_of_several_processes(request):
    """Control: pytest 9.2 hid the groups from xdist, and this failed."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process alone")
    assert request.node.nodeid.endswith(f"@{request.node.path}")


def test_no_two_advisory_locks_have_one_number():
    """Two works that share a number wait for each other, or believe that they run already."""
    locks = [
        (int(match[2].replace("_", "")), f"{path.relative_to(ROOT)}: {match[1]}")
        for room in (*ROOMS, "crm")
        for path in (ROOT / room).rglob("*.py")
        for match in re.finditer(r"(?m)^(\w*LOCK) = ([\d_]+)$", path.read_text())
    ]
    numbers = [number for number, _name in locks]
    assert len(locks) > 5
    assert [name for number, name in locks if numbers.count(number) > 1] == []


def test_numpy_pandas_and_numba_wait_for_their_first_use(modules):
    """Each takes a second to import; a page must not wait for them, nor a worker that needs none.

    The compiled loop and what reckons in bulk are only imported by the functions that need them.
    """
    packages = [Path("stock/figures/compiled"), Path("stock/figures/bulk")]
    heavy_rooms = tuple(".".join(package.parts) for package in packages)
    heavy = {"numba", "numpy", "pandas"}
    found = []
    for path, tree in modules:
        for node in tree.body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            if any(name.split(".")[0] in heavy or name.startswith(heavy_rooms) for name in names):
                found.append(path)
    assert [path for path in found if path.parent not in packages] == []
    assert len(found) > 5
