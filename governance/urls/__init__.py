"""URLs of the whole platform (design 6)."""

from django.urls import include, path, register_converter
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from governance.operations import health
from governance.operations.admin import site
from governance.tenancy.addresses import TenantInAddress

register_converter(TenantInAddress, "tenant")
_day = cache_control(private=True, max_age=300)

tenant_patterns = [
    path("", include("tickets.urls.portal")),
    path("desk/", include("tickets.urls.desk")),
    path("desk/roster/", include("grids.urls.roster")),
    path("desk/settings/hours/", include("grids.urls.hours")),
    path("desk/settings/sheets/", include("governance.urls.sheets")),
    path("desk/settings/", include("governance.urls.settings")),
    path("desk/settings/", include("grids.urls.people")),
    path("desk/settings/", include("grids.urls.areas")),
    path("desk/settings/", include("tickets.urls.settings")),
    path("api/v1/", include(("tickets.urls.api", "api"))),
    path("api/v1/schema/", _day(SpectacularAPIView.as_view()), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url="../schema/"), name="api-docs"),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("client-address", health.own_address),
    path("admin/", site.urls),
    path("", include("governance.urls.site")),
    path("<tenant:tenant>/", include(tenant_patterns)),
]

handler400 = "governance.web.problems.bad_request"
handler403 = "governance.web.pages.forbidden"
handler404 = "governance.web.problems.not_found"
handler500 = "governance.web.problems.server_error"
