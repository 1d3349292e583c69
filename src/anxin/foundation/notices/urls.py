from django.urls import path

from anxin.foundation.notices import pages

app_name = "notices"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("read/", pages.read_all, name="read-all"),
    path("<uuid:notice_id>/open/", pages.open_page, name="open"),
]
