"""Settings pages below /<tenant>/desk/settings/."""

urlpatterns = []
