"""`python -m bench.filing`: two hundred people file one customer at once, beside the bare insert.

1. A throw-away PostgreSQL with PEOPLE salespeople (200) and a customer for each of ROUNDS rounds.
2. In turn: everybody files the round's customer through the service, behind a barrier; then as many
   connections insert into the floor's table, which has the same exclusion constraint, with
   `ON CONFLICT DO NOTHING`.
3. Of each round one has won, and nobody was in a deadlock, or there is no figure.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore
from typing import Any

from bench.installation import installation, keep

PEOPLE = int(os.environ.get("PEOPLE", "200"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
# As many as PostgreSQL lets in at once by default, less a few: the others wait at the door, as
# they would at a pool of connections.
CONNECTIONS = 90
FLOOR = """
    CREATE TABLE floor_protection (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, filing bigint NOT NULL,
        project bigint NOT NULL, during tstzrange NOT NULL,
        EXCLUDE USING gist (project WITH =, during WITH &&))
"""
INSERT = """
    INSERT INTO floor_protection (filing, project, during)
    VALUES (%s, %s, tstzrange(now(), now() + interval '10 days')) ON CONFLICT DO NOTHING
"""


def main() -> int:
    """Measure, print the table and keep the figures under var/bench/."""
    with installation():
        report = measure()
    keep("filing", report)
    sys.stdout.write(
        "{people} at once, medians of {rounds} rounds: filed in {product:.3f} s, bare insert"
        " {floor:.3f} s, ratio {ratio:.1f}; {winners} winners, {refused} told at once,"
        " {failed} failed\n".format(**report)
    )
    return 0 if report["winners"] == report["rounds"] and not report["failed"] else 1


def measure() -> dict[str, Any]:
    """Both in turn, each round with a customer of its own."""
    from django.db import connection

    people, leads = _company()
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
    product, floor = [], []
    said: dict[str, int] = {}
    for lead in leads:
        took, answers = _at_once([_filing(person, lead) for person in people])
        product.append(took)
        for answer in answers:
            said[answer] = said.get(answer, 0) + 1
        project = lead[1].project.pk
        took, _answers = _at_once([_bare(index, project) for index in range(len(people))])
        floor.append(took)
    return {
        "people": len(people),
        "rounds": len(leads),
        "product": statistics.median(product),
        "floor": statistics.median(floor),
        "ratio": statistics.median(product) / statistics.median(floor),
        "winners": said.get("", 0),
        "refused": said.get("LATER_FILER", 0),
        "failed": sum(many for code, many in said.items() if code not in ("", "LATER_FILER")),
        "said": said,
    }


def _company() -> tuple[list[Any], list[Any]]:
    from django.utils import timezone

    from core.phones import normalise
    from customers.services import register_customer
    from customers.states import ExpectedPurchase, Grade
    from filings.services import Lead
    from staff.models import Person, Region, Store
    from staff.states import Role, Trade

    region = Region.objects.create(name="郑州")
    store = Store.objects.create(code="B1", name="家具馆", region=region, trade=Trade.FURNITURE)
    Person.objects.bulk_create(
        Person(username=f"p{index}", name=f"P{index}", role=Role.SALES_STORE, store=store)
        for index in range(PEOPLE)
    )
    people = list(Person.objects.filter(role=Role.SALES_STORE).select_related("store"))
    leads = []
    for index in range(ROUNDS):
        customer = register_customer(
            name="客户", phones=[normalise(f"1381357{index + 2468}")], store=store, owner=None,
            grade=Grade.B1, by=people[0], now=timezone.now(), need="沙发",
            address=f"郑州市金水区绿城百合{index + 2}幢1单元101室",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip
        lead = Lead(project=customer.projects.get(), acquired_at=timezone.now())
        leads.append((customer, lead))
    return people, leads


def _filing(person: Any, lead: Any) -> Callable[[], str]:
    def file() -> str:
        from filings.services import LeadNotFiled, file_lead

        try:
            return file_lead(customer=lead[0], lead=lead[1], filer=person, by=person).invalid
        except LeadNotFiled as refusal:
            return ",".join(refusal.codes)

    return file


def _bare(filing: int, project: int) -> Callable[[], str]:
    def insert() -> str:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(INSERT, [filing, project])
            return "" if cursor.rowcount else "LATER_FILER"

    return insert


def _at_once(acts: list[Callable[[], str]]) -> tuple[float, list[str]]:
    """All of them behind one barrier, each on a connection of its own; seconds and answers."""
    from django.db import connection

    barrier, door = Barrier(len(acts) + 1), BoundedSemaphore(CONNECTIONS)

    def run(act: Callable[[], str]) -> str:
        barrier.wait()
        with door:
            try:
                return act()
            except Exception as error:  # counted: whatever it is, somebody got no clear answer
                return type(error).__name__
            finally:
                connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = [pool.submit(run, act) for act in acts]
        barrier.wait()
        begun = time.perf_counter()
        said = [answer.result() for answer in answers]
        return time.perf_counter() - begun, said


if __name__ == "__main__":
    sys.exit(main())
