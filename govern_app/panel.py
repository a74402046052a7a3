"""What the project sets about Django's own apps."""

from django.contrib.admin.apps import AdminConfig


class PanelConfig(AdminConfig):
    default_site = "assessments.accounts.panel.GovernAdminSite"
