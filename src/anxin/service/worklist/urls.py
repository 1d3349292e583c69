from django.urls import path

from anxin.service.worklist import pages

app_name = "worklist"
urlpatterns = [path("customers/<str:ref>/", pages.panel, name="panel")]
