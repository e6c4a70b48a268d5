"""The API's addresses below /<tenant>/api/v1/."""

from rest_framework.routers import SimpleRouter

from tickets.api import TicketViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="ticket")
urlpatterns = router.urls
