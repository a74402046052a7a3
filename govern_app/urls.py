"""All addresses."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

admin.site.site_header = admin.site.site_title = _("Govern administration")

urlpatterns = [
    # Browsers ask here on pages that name no icon, as those of the admin panel.
    path("favicon.ico", login_not_required(RedirectView.as_view(url=lazy(static, str)("img/mark.svg")))),
    path("admin/", admin.site.urls),
    path("api/v1/", include("assessments.api.urls")),
    path("", include("assessments.dashboards.urls")),
]
