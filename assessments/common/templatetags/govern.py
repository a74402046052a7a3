"""How pages write numbers, dates, levels, icons and charts."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.common.levels import level_word
from assessments.common.masking import mask_address

register = template.Library()


@lru_cache(maxsize=128)
def icon_source(name: str) -> str:
    path = settings.BASE_DIR / "static" / "vendor" / "icons" / f"{name}.svg"
    return str(path.read_text(encoding="utf-8")) if path.exists() else ""


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the set, drawn in place and hidden from screen readers; nothing when the assets are not built."""
    source = icon_source(name)
    start = source.find("<svg")
    if start < 0:
        return SafeString("")
    body = source[source.index(">", start) + 1 :]
    return mark_safe(  # noqa: S308 - the file is ours and ``css`` is written in templates
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        f'class="icon {css}">{body}'
    )


def unknown() -> str:
    return _("not known")


@register.filter
def one(value: float | None) -> str:
    """One decimal, in the reader's language; “not known” for None."""
    return decimals(value, 1)


@register.filter
def decimals(value: float | None, places: int) -> str:
    if value is None:
        return unknown()
    # Django's number_format cuts digits off instead of rounding.
    return number_format(round(float(value), int(places)), decimal_pos=int(places), force_grouping=True)


@register.filter
def whole(value: int | None) -> str:
    """A count with its thousands grouped."""
    return unknown() if value is None else number_format(value, decimal_pos=0, force_grouping=True)


@register.filter
def address_shown(url: str) -> str:
    """A web address without what may be a key in it."""
    return mask_address(url)


@register.filter
def share(value: float | None) -> str:
    """A share from 0 to 1 as a percentage. What is not all and not nothing is never rounded to 100 % or 0 %."""
    if value is None:
        return unknown()
    percent = value * 100
    rounded = round(percent, 1)
    if percent > 0 and rounded == 0:
        return _("under %(least)s %%") % {"least": number_format(0.1, decimal_pos=1)}
    if percent < 100 and rounded == 100:
        return _("over %(most)s %%") % {"most": number_format(99.9, decimal_pos=1)}
    return _("%(percent)s %%") % {"percent": number_format(rounded, decimal_pos=1)}


@register.filter
def signed(value: float | None) -> str:
    """A change with its sign: +2.1, −0.4, ±0.0."""
    if value is None:
        return unknown()
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return sign + number_format(abs(rounded), decimal_pos=1)


@register.filter
def bytes_short(value: int | None) -> str:
    """A size in binary units: 12.3 MiB."""
    if value is None:
        return unknown()
    size = float(value)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{decimals(size, 0 if unit == 'B' else 1)} {unit}"
        size /= 1024
    return f"{decimals(size, 1)} TiB"


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as a person says them: 0.4 s, 42 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return unknown()
    if seconds < 0.1:
        return _("under %(seconds)s s") % {"seconds": number_format(0.1, decimal_pos=1)}
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": decimals(seconds, 1)}
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return _("%(seconds)s s") % {"seconds": rest}
    if minutes < 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@register.filter
def when(value: datetime | None) -> SafeString | str:
    """An absolute time, with the relative one in its tooltip."""
    if value is None:
        return _("never")
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        naturaltime(value),
        date_format(local, "Y-m-d H:i"),
    )


@register.filter
def level_name(level: int | None) -> str:
    return level_word(level) if level else unknown()


@register.filter
def digest_short(value: str) -> str:
    return value[:12]


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.inclusion_tag("components/chart.html")
def chart(drawn: Any, height: int = 300) -> dict[str, Any]:
    """A chart with its title and the table of its numbers; ``drawn`` is a ``dashboards.charts.Chart``."""
    return {"chart": drawn, "height": height, "figure": drawn.figure.to_plotly_json()}


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str = "") -> SafeString:
    """A line of shares (0 to 1) over time, oldest first, that fits in a table cell; unknown values leave a gap."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return SafeString("")
    low = min(v for _i, v in known)
    span = max(max(v for _i, v in known) - low, 1e-9)
    step = 76 / max(len(values) - 1, 1)
    points = " ".join(f"{2 + i * step:.1f},{18 - 16 * (v - low) / span:.1f}" for i, v in known)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 80 20" width="80" height="20" role="img" aria-label="{}">'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>',
        label,
        points,
    )
