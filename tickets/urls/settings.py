"""Addresses of the ticket settings below /<tenant>/desk/settings/."""

from django.urls import path

from tickets.views import duties, handover, notices, privacy, questions, replies, settings

app_name = "ticket-settings"
urlpatterns = [
    path("levels/", settings.levels, name="levels"),
    path("levels/<int:pk>/drop/", settings.drop_level, name="drop-level"),
    path("replies/", replies.every, name="replies"),
    path("replies/<int:pk>/drop/", replies.drop, name="drop-reply"),
    path("handover/", handover.page, name="handover"),
    path("notice/", notices.publish, name="notice"),
    path("reads/", privacy.reads, name="reads"),
    path("categories/", settings.categories, name="categories"),
    path("categories/<str:code>/", settings.category, name="category"),
    path("categories/<str:code>/questions/", questions.every, name="questions"),
    path("categories/<str:code>/questions/<int:pk>/move/", questions.move, name="move-question"),
    path("duties/", duties.versions, name="duty-lists"),
    path("duties/<int:pk>/", duties.version, name="duty-list"),
    path("duties/<int:pk>/publish/", duties.publish, name="publish-duties"),
    path("duties/<int:pk>/discard/", duties.discard, name="discard-duties"),
]
