from django.urls import path

from anxin.service.knowledge import pages

app_name = "knowledge"
urlpatterns = [
    path("", pages.search_page, name="search"),
    path("suggest/", pages.suggest_part, name="suggest"),
    path("review/", pages.review_page, name="review"),
    path("gaps/", pages.gaps_page, name="gaps"),
    path("new/", pages.new_page, name="new"),
    path("<uuid:article_id>/", pages.article_page, name="article"),
    path("<uuid:article_id>/editions/<int:number>/", pages.edition_page, name="edition"),
    path("<uuid:article_id>/edit/", pages.edit_page, name="edit"),
    path("<uuid:article_id>/submit/", pages.submit_action, name="submit"),
    path("<uuid:article_id>/withdraw/", pages.withdraw_action, name="withdraw"),
    path("<uuid:article_id>/feedback/", pages.feedback_action, name="feedback"),
    path("<uuid:article_id>/files/", pages.attach_action, name="attach"),
    path("<uuid:article_id>/files/<uuid:attachment_id>/remove/", pages.detach_action, name="detach"),
]
