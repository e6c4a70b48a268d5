"""URLs of the whole platform (design 6)."""

from django.urls import include, path, register_converter
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from governance import health
from governance.platform_admin import site
from governance.tenancy.addresses import TenantInAddress

register_converter(TenantInAddress, "tenant")
_day = cache_control(private=True, max_age=300)

tenant_patterns = [
    path("", include("tickets.urls_portal")),
    path("desk/", include("tickets.urls_desk")),
    path("desk/roster/", include("grids.urls_roster")),
    path("desk/settings/hours/", include("grids.urls_hours")),
    path("desk/settings/sheets/", include("governance.urls_sheets")),
    path("desk/settings/", include("governance.urls_settings")),
    path("desk/settings/", include("grids.urls_settings")),
    path("desk/settings/", include("grids.urls_areas")),
    path("desk/settings/", include("tickets.urls_settings")),
    path("api/v1/", include(("tickets.urls_api", "api"))),
    path("api/v1/schema/", _day(SpectacularAPIView.as_view()), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url="../schema/"), name="api-docs"),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("admin/", site.urls),
    path("", include("governance.urls_site")),
    path("<tenant:tenant>/", include(tenant_patterns)),
]

handler400 = "governance.problems.bad_request"
handler403 = "governance.pages.forbidden"
handler404 = "governance.problems.not_found"
handler500 = "governance.problems.server_error"
