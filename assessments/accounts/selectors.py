"""Reading who may do what."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from assessments.accounts.models import Membership, Organisation, User
from assessments.common.errors import NotFoundError


def memberships_of(user: User | AnonymousUser) -> list[Membership]:
    """The user's memberships with their organisations, by organisation name."""
    if not user.is_authenticated:
        return []
    return list(Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name"))


def organisation_by_slug(slug: str | None = None) -> Organisation:
    """The organisation with this short name; without one, the only organisation there is."""
    if slug:
        found = Organisation.objects.filter(slug=slug).first()
        if found is None:
            known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise NotFoundError(f"There is no organisation with the short name “{slug}”.", hint=f"There are: {known}.")
        return found
    first_two = list(Organisation.objects.order_by("pk")[:2])
    if len(first_two) == 1:
        return first_two[0]
    if not first_two:
        raise NotFoundError(
            "There is no organisation yet.", hint="Make one with: python manage.py create_organisation NAME"
        )
    raise NotFoundError("There are several organisations.", hint="Name one with --organisation SLUG.")


def member_get(*, organisation: Organisation, username: str) -> User:
    """The member with this user name; raises NotFoundError, in the same words, for anybody else."""
    found = User.objects.filter(memberships__organisation=organisation, username=username, is_active=True).first()
    if found is None:
        raise NotFoundError(_("No member of this organisation has this user name."))
    return found
