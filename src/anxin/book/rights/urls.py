"""Addresses under /rights/."""

from django.urls import path

from anxin.book.rights.pages import desk, files

app_name = "rights"
urlpatterns = [
    path("", desk.list_page, name="list"),
    path("new/", desk.receive_page, name="receive"),
    path("restricted/", files.restricted_page, name="restricted"),
    path("restricted/<customer:ref>/", files.read_page, name="read"),
    path("restricted/<customer:ref>/lift/", files.lift_page, name="lift"),
    path("due/", files.due_page, name="due"),
    path("due/<customer:ref>/ask/", files.ask_page, name="ask"),
    path("certificates/", files.certificates_page, name="certificates"),
    path("certificates/<uuid:certificate_id>/", files.certificate_page, name="certificate"),
    path("certificates/<uuid:certificate_id>/readmit/", files.readmit_page, name="readmit"),
    path("panels/<customer:ref>/", files.panel, name="panel"),
    path("<uuid:request_id>/", desk.request_page, name="request"),
    path("<uuid:request_id>/act/", desk.act_page, name="act"),
    path("<uuid:request_id>/archive/", desk.archive_page, name="archive"),
    path("<uuid:request_id>/take/", desk.take_page, name="take"),
    path("<uuid:request_id>/restrict/", desk.restrict_page, name="restrict"),
    path("<uuid:request_id>/erase/", desk.erase_page, name="erase"),
]
