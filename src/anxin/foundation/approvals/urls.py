from django.urls import path

from anxin.foundation.approvals import pages

app_name = "approvals"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<uuid:request_id>/", pages.request_page, name="request"),
]
