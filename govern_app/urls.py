"""All addresses."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

admin.site.site_header = admin.site.site_title = _("Govern administration")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("assessments.api.urls")),
    path("", include("assessments.dashboards.urls")),
]
