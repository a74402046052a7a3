"""Which network addresses Govern may be sent to: public ones, and the private hosts that the settings name."""

import ipaddress
import socket

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether this is a unicast address of the open internet, also when an IPv4 address hides in an IPv6 one."""
    address: Address = ipaddress.ip_address(text.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve(host: str, port: int) -> str:
    """The one address to connect to, looked up once; raises ForbiddenError when any answer is not public.

    Connecting to the returned address, never to the name again, leaves no moment in which the name could come to mean
    another machine.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise GovernError(
            _("The host name cannot be found."), where=host, hint=_("Check the address for typing errors.")
        ) from error
    addresses = [str(answer[4][0]) for answer in answers]
    if host.lower() not in {name.lower() for name in settings.DATASET_PRIVATE_HOSTS}:
        for address in addresses:
            if not is_public(address):
                raise ForbiddenError(
                    _("The address leads to a private or reserved network, which Govern does not read."),
                    where=host,
                    hint=_(
                        "Use a public address, upload the file, or ask for the host in GOVERN_DATASET_PRIVATE_HOSTS."
                    ),
                )
    return addresses[0]
