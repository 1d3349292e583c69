from django.urls import path

from anxin.engagement.renewals import pages

app_name = "renewals"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("record/", pages.record_many, name="record-many"),
    path("export/", pages.export, name="export"),
    path("customers/<str:ref>/", pages.panel, name="panel"),
    path("<uuid:renewal_id>/", pages.preview, name="preview"),
    path("<uuid:renewal_id>/record/", pages.record, name="record"),
]
