"""The masters of styles: the list, a new one, changing one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.services.standing import act_as_seen
from staff.access import only
from staff.requests import Request
from staff.scope import GOODS_ROLES, STOCK_DECIDING_ROLES, STOCK_READERS, STOCK_ROLES
from stock.forms.masters import StyleForm, style_initial
from stock.lists.masters import STYLES
from stock.models import Style
from stock.queries.masters import styles_with_masters
from stock.queries.terms import terms_on
from stock.services.masters import add_style, change_style
from stock.showing.masters import tabs
from stock.views.acting import act_page

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@only(STOCK_READERS)
@require_safe
def masters(request: Request) -> HttpResponse:
    """All styles with what they are."""
    today = timezone.localdate()
    known = {"today": today, "terms": terms_on(today)}
    found = STYLES.open(request, styles_with_masters(), filter_with=known, draw_with=known)
    may_write = request.reach.has_role(STOCK_ROLES)
    context = {
        "tabs": tabs("styles"),
        "new_url": reverse("stock:style_new") if may_write else "",
    }
    return STYLES.answer(request, found, "stock/masters.html", context)


@only(STOCK_ROLES)
@GET_OR_POST
def new_style(request: Request) -> HttpResponse:
    """A style that the shop's own system does not know yet, or not so; kept, it is what the list
    shows.
    """
    form = StyleForm(request.POST or None)

    def act(*, key: Any, **_said: object) -> None:
        if key is None:
            raise ValueError("the form has a key")
        add_style(values=form.values(), by=request.user, key=key)

    masters_url = reverse("stock:masters")
    number = form.cleaned_data["number"] if form.is_valid() else ""
    return _page(
        request, form, act, title=_("New style"), back_url=masters_url,
        done_url=f"{masters_url}?{urlencode({'q': number})}",
    )  # fmt: skip


@only(GOODS_ROLES)
@GET_OR_POST
def edit_style(request: Request, pk: int) -> HttpResponse:
    """What a style is, said anew; nobody writes over what somebody else wrote meanwhile.

    Operations lower its prices here, too (MER-10).
    """
    style = get_object_or_404(Style, pk=pk)
    form = StyleForm(request.POST or None, initial=style_initial(style))
    may_lower = request.reach.has_role(STOCK_DECIDING_ROLES)

    def hold() -> None:
        Style.objects.select_for_update(of=("self",)).get(pk=pk)

    def fresh() -> StyleForm:
        return StyleForm(initial=style_initial(Style.objects.get(pk=pk)))

    def act(**_said: object) -> None:
        act_as_seen(
            hold=hold,
            stands=lambda: form.stands_as_seen(fresh()),
            act=lambda: change_style(
                style=style, values=form.values(), may_lower=may_lower, by=request.user
            ),
        )

    return _page(
        request, form, act, title=_("Style %(number)s") % {"number": style.number},
        back_url=reverse("stock:style", args=[pk]),
    )  # fmt: skip


def _page(
    request: Request,
    form: StyleForm,
    act: Any,
    *,
    title: str,
    back_url: str,
    done_url: str = "",
) -> HttpResponse:
    return act_page(
        request,
        title=title,
        subject=_("Goods"),
        submit=_("Keep this style"),
        form=form,
        act=act,
        back_url=back_url,
        done_url=done_url,
        said=_("The style is kept."),
        template="stock/style_edit.html",
    )
