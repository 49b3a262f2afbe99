"""Where regions lie: by this an address tells the home region of a customer (XRG-01)."""

import pytest
from django.utils import timezone

from staff.models import Region
from staff.regions import region_named_in
from staff.services import PlaceNotSaved, place_region
from tests.factories.staff import RegionFactory

pytestmark = pytest.mark.django_db


ROLES = [("admin", 200), ("ops_manager", 200), ("store_manager", 403), ("finance", 403)]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_operations_and_administrators_say_where_a_region_lies(company, as_, role, status):
    page = f"/regions/{company.region.pk}/"
    browser = as_(getattr(company, role))
    assert browser.get(page).status_code == status
    if status == 200:
        assert browser.post(page, {"places": "杭州， 余杭,西湖区、杭州"}).status_code == 302
        assert Region.objects.get(pk=company.region.pk).places == "杭州、余杭、西湖区"
        assert region_named_in("浙江省杭州市余杭区") == company.region
        assert "杭州、余杭、西湖区" in browser.get("/stores/").content.decode()
    assert browser.get("/regions/99999/").status_code == (404 if status == 200 else 403)
    assert browser.put(page).status_code in (403, 405)


def test_a_place_lies_in_one_region(company, as_):
    other = RegionFactory(name="宁波", places="鄞州")
    for claimed in ("鄞州", "宁波"):
        answer = as_(company.admin).post(f"/regions/{company.region.pk}/", {"places": claimed})
        assert claimed in answer.content.decode()
        assert Region.objects.get(pk=company.region.pk).places == ""
    with pytest.raises(PlaceNotSaved):
        place_region(region=other, places="杭州", by=company.store_manager, now=timezone.now())
