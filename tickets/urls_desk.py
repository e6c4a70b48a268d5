"""The desk's addresses below /<tenant>/desk/."""

from django.urls import path

from tickets.views import desk, duties, privacy, requests, similar, ticket

app_name = "desk"
urlpatterns = [
    path("", desk.home, name="home"),
    path("tickets/", desk.tickets, name="tickets"),
    path("tickets/new/", ticket.new, name="new"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/moves/<slug:verb>/", ticket.move, name="move"),
    path("tickets/<str:number>/photos/", ticket.add_photos, name="photos"),
    path("tickets/<str:number>/unmask/", ticket.unmask, name="unmask"),
    path("tickets/<str:number>/similar/", similar.of_ticket, name="similar"),
    path("privacy/", privacy.requests, name="privacy"),
    path("privacy/<int:pk>/", privacy.decide, name="decide-privacy"),
    path("duties/", duties.in_force, name="duties"),
    path("duties/export/", duties.export, name="duties-export"),
    path("admissions/", requests.admissions, name="admissions"),
    path("admissions/<int:pk>/decide/", requests.decide_admission, name="admission-decide"),
    path("consents/", requests.consents, name="consents"),
    path("consents/<int:pk>/answer/", requests.answer_consent, name="consent-answer"),
    path("inbox/", desk.inbox, name="inbox"),
    path("inbox/read/", desk.mark_read, name="mark-read"),
]
