"""Addresses of the portal below /<tenant>/."""

from django.urls import path

from tickets.views import (
    desk,
    elder,
    following,
    notices,
    open_map,
    phones,
    portal,
    privacy,
    public,
    questions,
    similar,
)

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("report/", portal.report, name="report"),
    path("report/spots/", portal.spots, name="spots"),
    path("report/place/", portal.place, name="place"),
    path("report/next/", portal.foreseen, name="foreseen"),
    path("report/questions/", questions.while_reporting, name="questions"),
    path("report/code/", phones.send_for_report, name="code"),
    path("mine/", phones.mine, name="mine"),
    path("mine/leave/", phones.leave, name="leave-phone"),
    path("report/similar/", similar.while_reporting, name="similar"),
    path("report/follow/", similar.follow, name="follow"),
    path("elder/", elder.home, name="elder"),
    path("elder/leave/", elder.leave, name="leave-elder"),
    path("matters/", public.matters, name="matters"),
    path("matters/map/", open_map.page, name="map"),
    path("matters/map/data/", open_map.data, name="map-data"),
    path("matters/map/square/", open_map.square, name="map-square"),
    path("matters/map/areas/", open_map.outlines, name="map-areas"),
    path("areas/", public.areas, name="areas"),
    path("areas/<str:code>/", public.area, name="area"),
    path("privacy/", notices.in_force, name="notice"),
    path("privacy/<int:number>/", notices.version, name="notice-version"),
    path("receipt/", portal.receipt, name="receipt"),
    path("track/", following.track, name="track"),
    path("track/photos/<int:pk>/", following.photo, name="own-photo"),
    path("track/privacy/", privacy.own, name="privacy"),
    path("track/privacy/copy/", privacy.copy, name="privacy-copy"),
    path("track/<slug:verb>/", following.say, name="say"),
    path("r/thanks/", portal.rated, name="rated"),
    path("r/<str:token>/", portal.rate, name="rate"),
    path("files/<int:pk>/", desk.photo, name="file"),
]
