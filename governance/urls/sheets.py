"""URLs of settings sheets below /<tenant>/desk/settings/sheets/."""

from django.urls import path

from governance.sheets import views

app_name = "sheets"
urlpatterns = [
    path("<slug:slug>/", views.upload, name="upload"),
    path("<slug:slug>/export/", views.export, name="export"),
    path("<slug:slug>/template/", views.template, name="template"),
    path("<slug:slug>/<int:pk>/", views.preview, name="preview"),
    path("<slug:slug>/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<slug:slug>/<int:pk>/faults/", views.faults, name="faults"),
]
