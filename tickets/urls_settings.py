"""Settings of tickets below /<tenant>/desk/settings/."""

from django.urls import path

from tickets.views import privacy, replies, settings

app_name = "ticket-settings"
urlpatterns = [
    path("levels/", settings.levels, name="levels"),
    path("levels/<int:pk>/drop/", settings.drop_level, name="drop-level"),
    path("replies/", replies.every, name="replies"),
    path("replies/<int:pk>/drop/", replies.drop, name="drop-reply"),
    path("reads/", privacy.reads, name="reads"),
    path("categories/", settings.categories, name="categories"),
    path("categories/<str:code>/", settings.category, name="category"),
]
