"""The desk's addresses below /<tenant>/desk/."""

from django.urls import path

from tickets.views import (
    bulk,
    desk,
    duties,
    inbox,
    lists,
    privacy,
    requests,
    similar,
    ticket,
    today,
    whistles,
)

app_name = "desk"
urlpatterns = [
    path("", today.home, name="home"),
    path("brief/", today.brief, name="brief"),
    path("tickets/", desk.tickets, name="tickets"),
    path("tickets/bulk/", bulk.choose, name="bulk"),
    path("tickets/fresh/", desk.freshened, name="fresh"),
    path("tickets/columns/", lists.choose, name="columns"),
    path("tickets/views/", lists.keep, name="keep-view"),
    path("tickets/views/<int:pk>/rename/", lists.rename, name="rename-view"),
    path("tickets/views/<int:pk>/drop/", lists.drop, name="drop-view"),
    path("tickets/new/", ticket.new, name="new"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/print/", ticket.printed, name="print"),
    path("tickets/<str:number>/moves/<slug:verb>/", ticket.move, name="move"),
    path("tickets/<str:number>/photos/", ticket.add_photos, name="photos"),
    path("tickets/<str:number>/unmask/", ticket.unmask, name="unmask"),
    path("tickets/<str:number>/parties/", ticket.unmask_parties, name="parties"),
    path("tickets/<str:number>/similar/", similar.of_ticket, name="similar"),
    path("privacy/", privacy.requests, name="privacy"),
    path("privacy/<int:pk>/", privacy.decide, name="decide-privacy"),
    path("duties/", duties.in_force, name="duties"),
    path("duties/export/", duties.export, name="duties-export"),
    path("admissions/", requests.admissions, name="admissions"),
    path("admissions/<int:pk>/decide/", requests.decide_admission, name="admission-decide"),
    path("consents/", requests.consents, name="consents"),
    path("consents/<int:pk>/answer/", requests.answer_consent, name="consent-answer"),
    path("whistles/", whistles.page, name="whistles"),
    path("whistles/new/", whistles.new, name="blow"),
    path("whistles/figures/", whistles.figures, name="whistle-figures"),
    path("whistles/<str:number>/", whistles.whistle, name="whistle"),
    path("whistles/<str:number>/moves/<slug:verb>/", whistles.move, name="whistle-move"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_read, name="mark-read"),
]
