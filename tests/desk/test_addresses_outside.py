"""Addresses that leave the screen, on paper or in a calendar, are those of the settings."""

from datetime import timedelta
from uuid import uuid4

import pytest

from desk.tickets import qr_code
from followups.models import Invitation
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import invite
from followups.states import CampaignKind
from tests.factories.customers import CustomerFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-12 10:00")


def test_a_ticket_leads_to_the_address_of_the_settings_whatever_host_was_asked(
    company, as_, settings
):
    settings.BASE_URL = "https://crm.example.com/"
    settings.ALLOWED_HOSTS = ["*"]
    starts = NOW + timedelta(days=9)
    terms = CampaignTerms(
        name="家装讲座", kind=CampaignKind.EVENT, store=company.store, place="二楼",
        starts_at=starts, ends_at=starts + timedelta(hours=2), text="诚邀您参加。",
    )  # fmt: skip
    campaign = plan_campaign(terms=terms, by=company.store_manager, now=NOW, key=uuid4())
    who = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=30))
    invite(campaign=campaign, customers=[who.pk], by=company.store_manager, now=NOW)
    guest = Invitation.objects.get()
    page = as_(company.sales_store).get(
        f"/invitations/{guest.pk}/ticket/", headers={"host": "evil.example"}
    )
    code = page.context_data["code"]
    assert code == qr_code(f"https://crm.example.com/tickets/{guest.ticket}/")
    assert code != qr_code(f"http://evil.example/tickets/{guest.ticket}/")  # the control
