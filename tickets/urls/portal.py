"""Addresses of the portal below /<tenant>/."""

from django.urls import path

from governance.web import pages
from tickets.desk.views import photos
from tickets.phones import views as phones
from tickets.portal.views import elder, elder_report, rating, report, track
from tickets.portal.views import privacy as own_privacy
from tickets.portal.views import questions as report_questions
from tickets.portal.views import similar as portal_similar
from tickets.privacy.views import notice
from tickets.public.views import map as public_map
from tickets.public.views import matters

app_name = "portal"
_addresses = [
    path("", report.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/spots/", report.spots, name="spots"),
    path("report/place/", report.place, name="place"),
    path("report/initials/", report.initials, name="initials"),
    path("report/next/", report.foreseen, name="foreseen"),
    path("report/questions/", report_questions.while_reporting, name="questions"),
    path("report/code/", phones.send_for_report, name="code"),
    path("mine/", phones.mine, name="mine"),
    path("mine/leave/", phones.leave, name="leave-phone"),
    path("report/similar/", portal_similar.while_reporting, name="similar"),
    path("report/follow/", portal_similar.follow, name="follow"),
    path("elder/", elder.home, name="elder"),
    path("elder/report/", elder_report.report, name="elder-report"),
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
    path("track/privacy/", own_privacy.own, name="privacy"),
    path("track/privacy/copy/", own_privacy.copy, name="privacy-copy"),
    path("track/<slug:verb>/", track.say, name="say"),
    path("r/thanks/", rating.rated, name="rated"),
    path("r/<str:token>/", rating.rate, name="rate"),
    path("r/<str:token>/photos/<int:pk>/", rating.result_photo, name="result-photo"),
    path("files/<int:pk>/", photos.photo, name="file"),
]
urlpatterns = [path(str(one.pattern), pages.for_residents(one.callback), name=one.name) for one in _addresses]
