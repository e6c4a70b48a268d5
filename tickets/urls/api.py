"""Addresses of the API below /<tenant>/api/v1/."""

from rest_framework.routers import SimpleRouter

from grids.areas.api import AreaViewSet
from grids.units.api import UnitViewSet
from tickets.duties.api import AdmissionViewSet, ConsentViewSet
from tickets.orders.api import TicketViewSet
from tickets.orders.returns_api import ReturnViewSet
from tickets.questions.api import CategoryViewSet
from tickets.whistles.api import WhistleViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="ticket")
router.register("returns", ReturnViewSet, basename="return")
router.register("categories", CategoryViewSet, basename="category")
router.register("areas", AreaViewSet, basename="area")
router.register("units", UnitViewSet, basename="unit")
router.register("whistles", WhistleViewSet, basename="whistle")
router.register("admissions", AdmissionViewSet, basename="admission")
router.register("consents", ConsentViewSet, basename="consent")
urlpatterns = router.urls
