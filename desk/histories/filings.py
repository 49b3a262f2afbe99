"""Reads the rows of the sheet of filings (报备) of an old ledger."""

from datetime import datetime

from core.addresses import key_of_address
from core.spreadsheets import cells
from customers.models import Project
from desk.histories import words
from desk.histories.facts import KnownCustomer
from desk.histories.reading import House, complained, moment, one_of, somebody
from desk.imports.rows import Reader
from filings.services.histories import OldFiling

CHANNELS_SHOWN = "门店, 业务"
STATES_SHOWN = "有效, 失效, 作废, 放弃, 成交"


def filing_of(reader: Reader, customer: KnownCustomer, house: House) -> OldFiling | None:
    """One row; None where it is refused. A customer with a live lead takes no old one."""
    if customer.id in house.standing.led:
        reader.refuse("phone", "filed_here_already")
    filed_at = _filed_at(reader, house)
    acquired_at = reader.take("acquired_at", lambda cell: moment(cell, reader), None)
    if filed_at is not None and acquired_at is not None and acquired_at > filed_at:
        reader.refuse("acquired_at", "acquired_after_filing")
    channel = reader.take("filing_channel", one_of(words.FILING_CHANNELS, CHANNELS_SHOWN), "")
    fate = reader.take("status", one_of(words.FILING_STATES, STATES_SHOWN), words.STANDING)
    filer_id = reader.take("filer", lambda cell: somebody(cell, house), None)
    if not complained(reader, "filer"):
        filer_id = filer_id or customer.owner_id
        if filer_id is None or filer_id not in house.standing.filers:
            reader.refuse("filer", "filer_sells_nowhere")
    project = _project(reader, customer, house)
    if reader.refusals or filed_at is None or filer_id is None or project is None:
        return None
    return OldFiling(
        customer_id=customer.id,
        project_id=project.pk,
        filer_id=filer_id,
        filed_at=filed_at,
        acquired_at=acquired_at or filed_at,
        channel=channel,
        fate="" if fate == words.STANDING else fate,
    )


def _filed_at(reader: Reader, house: House) -> datetime | None:
    at = reader.take("filed_at", lambda cell: moment(cell, reader), None)
    if at is None and not complained(reader, "filed_at"):
        reader.refuse("filed_at", "EMPTY")
    elif at is not None and at > house.now:
        reader.refuse("filed_at", "filing_in_the_future")
    return at


def _project(reader: Reader, customer: KnownCustomer, house: House) -> Project | None:
    """The only one; among several the one of this address."""
    projects = house.standing.projects.get(customer.id, ())
    typed = reader.take("address", lambda cell: cells.text(cell, 120, keep_lines=False), "")
    if len(projects) == 1:
        return projects[0]
    if not typed:
        reader.refuse("address", "which_home_was_filed")
        return None
    key = key_of_address(typed)
    found = next((one for one in projects if one.address_key == key), None)
    if found is None:
        reader.refuse("address", "home_unknown")
    return found
