"""The addresses of the staff room."""

from django.urls import path

from staff.views import calendar, lists, people, places, profile, sessions

app_name = "staff"
urlpatterns = [
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("language/", sessions.language, name="language"),
    path("welcome/<str:uidb64>/<str:token>/", sessions.welcome, name="welcome"),
    path("forgot/", sessions.forgot, name="forgot"),
    path("me/", profile.profile, name="profile"),
    path("me/password/", sessions.password, name="password"),
    path("people/", lists.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/unlock/", people.person_unlock, name="person_unlock"),
    path("people/<int:pk>/disable/", people.person_disable, name="person_disable"),
    path("people/<int:pk>/enable/", people.person_enable, name="person_enable"),
    path("people/<int:pk>/confirm/", people.person_confirm, name="person_confirm"),
    path("people/<int:pk>/duties/", people.duty_add, name="duty_add"),
    path("people/<int:pk>/duties/<int:duty_pk>/end/", people.duty_end, name="duty_end"),
    path("stores/", lists.stores, name="stores"),
    path("stores/new/", places.store_new, name="store_new"),
    path("stores/<int:pk>/", places.store, name="store"),
    path("regions/", places.region_new, name="region_new"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.calendar, name="calendar"),
    path("calendar/set/", calendar.day_set, name="day_set"),
    path("calendar/clear/", calendar.day_clear, name="day_clear"),
]
