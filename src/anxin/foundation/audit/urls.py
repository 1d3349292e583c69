from django.urls import path

from anxin.foundation.audit import pages

app_name = "audit"
urlpatterns = [
    path("", pages.entries_page, name="entries"),
    path("verify/", pages.verify_page, name="verify"),
    path("export/", pages.export_page, name="export"),
]
