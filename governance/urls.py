"""The addresses of the whole platform (design 6)."""

from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from governance import health
from governance.platform_admin import site

_day = cache_control(private=True, max_age=300)

tenant_patterns = [
    path("api/v1/", include(("tickets.urls_api", "api"))),
    path("api/v1/schema/", _day(SpectacularAPIView.as_view()), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("admin/", site.urls),
    re_path(r"^(?P<tenant>[-\w]+)/", include(tenant_patterns)),
]
