"""Addresses under /diligence/."""

from django.urls import path

from anxin.book.diligence import pages

app_name = "diligence"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<customer:ref>/panel/", pages.panel, name="panel"),
    path("<customer:ref>/review/", pages.review, name="review"),
    path("<customer:ref>/people/add/", pages.add_person, name="person-add"),
    path("<customer:ref>/people/<uuid:item>/remove/", pages.remove_person, name="person-remove"),
]
