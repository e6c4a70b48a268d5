"""Addresses of the portal below /<tenant>/."""

from django.urls import path

from tickets.desk.views import similar
from tickets.lists.views import ticket_list
from tickets.phones import views as phones
from tickets.portal.views import elder, report, track
from tickets.privacy.views import notice
from tickets.privacy.views import requests as privacy
from tickets.public.views import map as public_map
from tickets.public.views import matters
from tickets.questions import views as questions

app_name = "portal"
urlpatterns = [
    path("", report.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/spots/", report.spots, name="spots"),
    path("report/place/", report.place, name="place"),
    path("report/next/", report.foreseen, name="foreseen"),
    path("report/questions/", questions.while_reporting, name="questions"),
    path("report/code/", phones.send_for_report, name="code"),
    path("mine/", phones.mine, name="mine"),
    path("mine/leave/", phones.leave, name="leave-phone"),
    path("report/similar/", similar.while_reporting, name="similar"),
    path("report/follow/", similar.follow, name="follow"),
    path("elder/", elder.home, name="elder"),
    path("elder/leave/", elder.leave, name="leave-elder"),
    path("matters/", matters.matters, name="matters"),
    path("matters/map/", public_map.page, name="map"),
    path("matters/map/data/", public_map.data, name="map-data"),
    path("matters/map/square/", public_map.square, name="map-square"),
    path("matters/map/areas/", public_map.outlines, name="map-areas"),
    path("areas/", matters.areas, name="areas"),
    path("areas/<str:code>/", matters.area, name="area"),
    path("privacy/", notice.in_force, name="notice"),
    path("privacy/<int:number>/", notice.version, name="notice-version"),
    path("receipt/", report.receipt, name="receipt"),
    path("track/", track.track, name="track"),
    path("track/photos/<int:pk>/", track.photo, name="own-photo"),
    path("track/privacy/", privacy.own, name="privacy"),
    path("track/privacy/copy/", privacy.copy, name="privacy-copy"),
    path("track/<slug:verb>/", track.say, name="say"),
    path("r/thanks/", report.rated, name="rated"),
    path("r/<str:token>/", report.rate, name="rate"),
    path("files/<int:pk>/", ticket_list.photo, name="file"),
]
