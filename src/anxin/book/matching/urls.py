from django.urls import path

from anxin.book.matching.pages import history, model, review

app_name = "matching"
urlpatterns = [
    path("", review.queue, name="queue"),
    path("run/", review.run, name="run"),
    path("merge/", review.merge_many, name="merge-many"),
    path("model/<str:kind>/", model.show, name="model"),
    path("model/<str:kind>/train/", model.train, name="train"),
    path("customers/<str:ref>/", history.panel, name="panel"),
    path("customers/<str:ref>/merge/", history.merge, name="merge"),
    path("merges/<uuid:merge_id>/separate/", history.separate, name="separate"),
    path("<uuid:candidate_id>/", review.pair, name="pair"),
    path("<uuid:candidate_id>/decide/", review.decide, name="decide"),
    path("<uuid:candidate_id>/undo/", review.take_back, name="take-back"),
]
