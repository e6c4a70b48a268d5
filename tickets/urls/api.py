"""Addresses of the API below /<tenant>/api/v1/."""

from rest_framework.routers import SimpleRouter

from tickets.api import TicketViewSet
from tickets.api_categories import CategoryViewSet
from tickets.api_requests import AdmissionViewSet, ConsentViewSet
from tickets.api_whistles import WhistleViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="ticket")
router.register("categories", CategoryViewSet, basename="category")
router.register("whistles", WhistleViewSet, basename="whistle")
router.register("admissions", AdmissionViewSet, basename="admission")
router.register("consents", ConsentViewSet, basename="consent")
urlpatterns = router.urls
