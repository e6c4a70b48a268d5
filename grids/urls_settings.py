"""Pages about people below /<tenant>/desk/settings/."""

from django.urls import path

from grids import views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/posts/<int:pk>/relieve/", views.relieve, name="relieve"),
]
