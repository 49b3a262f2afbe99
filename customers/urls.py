"""The addresses of the customers room."""

from django.urls import path

from customers.views import (
    attachments,
    board,
    designers,
    interests,
    opportunities,
    parameters,
    phones,
)

app_name = "customers"
urlpatterns = [
    path("figures/", parameters.figures, name="figures"),
    path("designers/", designers.designers, name="designers"),
    path("designers/new/", designers.new_designer, name="new_designer"),
    path("designers/<int:pk>/", designers.designer, name="designer"),
    path("designers/<int:pk>/edit/", designers.edit_designer, name="change_designer"),
    path("opportunities/", board.opportunity_board, name="opportunity_board"),
    path("opportunities/list/", board.opportunities, name="opportunities"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="opportunity"),
    path(
        "opportunities/<int:pk>/edit/", opportunities.change_opportunity, name="change_opportunity"
    ),
    path("opportunities/<int:pk>/move/", opportunities.move_opportunity, name="move_opportunity"),
    path("opportunities/<int:pk>/ticks/", opportunities.tick, name="tick_opportunity"),
    path(
        "customers/<int:pk>/opportunities/new/",
        opportunities.open_opportunity,
        name="open_opportunity",
    ),
    path("customers/<int:pk>/numbers/", phones.numbers, name="numbers"),
    path("numbers/<int:pk>/main/", phones.main_number, name="main_number"),
    path("numbers/<int:pk>/retire/", phones.retire_number, name="retire_number"),
    path("numbers/<int:pk>/take-up/", phones.take_up_number, name="take_up_number"),
    path("customers/<int:pk>/interests/", interests.interests, name="interests"),
    path("interests/suggestions/", interests.suggest_interests, name="suggest_interests"),
    path("interests/<int:pk>/remove/", interests.remove_interest, name="remove_interest"),
    path("customers/<int:pk>/pictures/new/", attachments.attach, name="attach"),
    path("pictures/<int:pk>/", attachments.attachment, name="attachment"),
    path("pictures/<int:pk>/file/", attachments.picture, name="picture"),
    path("pictures/<int:pk>/small/", attachments.thumbnail, name="thumbnail"),
    path("pictures/<int:pk>/remove/", attachments.detach, name="detach"),
]
