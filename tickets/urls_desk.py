"""The desk's addresses below /<tenant>/desk/."""

from django.urls import path

from tickets.views import desk, privacy, similar, ticket

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
    path("inbox/", desk.inbox, name="inbox"),
    path("inbox/read/", desk.mark_read, name="mark-read"),
]
