"""The addresses of the whole platform."""

from django.urls import path

urlpatterns: list = []
