from django.urls import path

from anxin.foundation.privacy import pages

app_name = "privacy"
urlpatterns = [
    path("", pages.register_page, name="register"),
    path("notices/", pages.notices_page, name="notices"),
    path("notices/publish/", pages.publish_page, name="publish"),
    path("activities/", pages.activities_page, name="activities"),
    path("activities/new/", pages.activity_page, name="activity-create"),
    path("activities/<uuid:activity_id>/", pages.assessments_page, name="assessments"),
    path("activities/<uuid:activity_id>/edit/", pages.activity_page, name="activity"),
    path("activities/<uuid:activity_id>/assess/", pages.assess_page, name="assess"),
    path("breaches/", pages.breaches_page, name="breaches"),
    path("breaches/new/", pages.breach_page, name="breach-create"),
    path("breaches/<uuid:breach_id>/", pages.breach_page, name="breach"),
]
