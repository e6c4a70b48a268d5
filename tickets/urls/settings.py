"""Addresses of the ticket settings below /<tenant>/desk/settings/."""

from django.urls import path

from tickets.catalog import views as catalog
from tickets.duties.views import versions
from tickets.handover import views as handover
from tickets.privacy.views import notice
from tickets.privacy.views import requests as privacy
from tickets.questions import views as questions
from tickets.replies import views as replies

app_name = "ticket-settings"
urlpatterns = [
    path("levels/", catalog.levels, name="levels"),
    path("levels/<int:pk>/drop/", catalog.drop_level, name="drop-level"),
    path("replies/", replies.index, name="replies"),
    path("replies/<int:pk>/drop/", replies.drop, name="drop-reply"),
    path("handover/", handover.page, name="handover"),
    path("notice/", notice.publish, name="notice"),
    path("reads/", privacy.reads, name="reads"),
    path("categories/", catalog.categories, name="categories"),
    path("categories/<str:code>/", catalog.category, name="category"),
    path("categories/<str:code>/questions/", questions.index, name="questions"),
    path("categories/<str:code>/questions/<int:pk>/move/", questions.move, name="move-question"),
    path("duties/", versions.versions, name="duty-lists"),
    path("duties/faults/", versions.faulty_rows, name="duty-faults"),
    path("duties/<int:pk>/", versions.version, name="duty-list"),
    path("duties/<int:pk>/publish/", versions.publish, name="publish-duties"),
    path("duties/<int:pk>/discard/", versions.discard, name="discard-duties"),
]
