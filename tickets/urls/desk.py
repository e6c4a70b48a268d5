"""Addresses of the desk below /<tenant>/desk/."""

from django.urls import path

from tickets.desk.views import bulk, codes, inbox, moves, paper, photos, similar, ticket, unmask
from tickets.desk.views import report as desk_report
from tickets.duties.views import admissions, versions
from tickets.lists.views import exports, map, saved, ticket_list
from tickets.privacy.views import requests as privacy
from tickets.today import views as today
from tickets.whistles import views as whistles

app_name = "desk"
urlpatterns = [
    path("", today.home, name="home"),
    path("next/", today.onward, name="onward"),
    path("brief/", today.brief, name="brief"),
    path("tickets/", ticket_list.tickets, name="tickets"),
    path("tickets/bulk/", bulk.choose, name="bulk"),
    path("tickets/count/", ticket_list.count, name="count"),
    path("tickets/fresh/", ticket_list.changed_rows, name="fresh"),
    path("tickets/export/", exports.take, name="export"),
    path("exports/", exports.index, name="exports"),
    path("exports/<int:pk>/file/", exports.fetch, name="export-file"),
    path("tickets/columns/", saved.choose, name="columns"),
    path("tickets/views/", saved.keep, name="keep-view"),
    path("tickets/views/<int:pk>/rename/", saved.rename, name="rename-view"),
    path("tickets/views/<int:pk>/drop/", saved.drop, name="drop-view"),
    path("tickets/new/", desk_report.new, name="new"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("initials/", ticket_list.initials, name="initials"),
    path("areas/", codes.grids, name="codes-grids"),
    path("areas/<str:code>/codes/", codes.sheet, name="codes"),
    path("map/", map.page, name="map"),
    path("map/data/", map.data, name="map-data"),
    path("map/areas/", map.outlines, name="map-areas"),
    path("tickets/<str:number>/place/", map.place, name="place"),
    path("tickets/<str:number>/print/", paper.print_ticket, name="print"),
    path("tickets/<str:number>/letter/", paper.print_letter, name="letter"),
    path("tickets/<str:number>/moves/<slug:verb>/", moves.move, name="move"),
    path("tickets/<str:number>/photos/", photos.add_photos, name="photos"),
    path("tickets/<str:number>/unmask/", unmask.unmask, name="unmask"),
    path("tickets/<str:number>/parties/", unmask.unmask_parties, name="parties"),
    path("tickets/<str:number>/similar/", similar.of_ticket, name="similar"),
    path("privacy/", privacy.requests, name="privacy"),
    path("privacy/<int:pk>/", privacy.decide, name="decide-privacy"),
    path("duties/", versions.in_force, name="duties"),
    path("duties/export/", versions.export, name="duties-export"),
    path("admissions/", admissions.admissions, name="admissions"),
    path("admissions/<int:pk>/decide/", admissions.decide_admission, name="admission-decide"),
    path("consents/", admissions.consents, name="consents"),
    path("consents/<int:pk>/answer/", admissions.answer_consent, name="consent-answer"),
    path("whistles/", whistles.page, name="whistles"),
    path("whistles/new/", whistles.new, name="blow"),
    path("whistles/figures/", whistles.figures, name="whistle-figures"),
    path("whistles/<str:number>/", whistles.whistle, name="whistle"),
    path("whistles/<str:number>/moves/<slug:verb>/", whistles.move, name="whistle-move"),
    path("whistles/<str:number>/photos/", whistles.add_photos, name="whistle-photos"),
    path("whistles/<str:number>/photos/<int:pk>/", whistles.photo, name="whistle-photo"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_read, name="mark-read"),
]
