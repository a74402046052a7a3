"""When a schedule is due next: the five fields of cron, read by Celery, in the time zone of the settings."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError

FARTHEST_DAYS = 366 * 8  # the 29th of February comes at most eight years after the last
CLOSEST = timedelta(minutes=5)


def cron_read(text: str) -> crontab:
    """The fields minute, hour, day of month, month and weekday; raises GovernError for what is none, or too often."""
    try:
        fields = crontab.from_string(" ".join(text.split()))
    except (ValueError, ParseException, TypeError) as error:
        raise GovernError(
            _("“%(cron)s” is no time of cron.") % {"cron": text[:100]},
            where="cron",
            hint=_("Write minute, hour, day of month, month and weekday, such as “30 6 * * 1-5” for 6:30 on weekdays."),
        ) from error
    minutes = sorted(fields.minute)
    gaps = [later - earlier for earlier, later in zip(minutes, [*minutes[1:], minutes[0] + 60], strict=True)]
    if min(gaps) * timedelta(minutes=1) < CLOSEST:
        raise GovernError(
            _("A dataset is read at most every five minutes."),
            where="cron",
            hint=_("Write “*/5 * * * *” for every five minutes."),
        )
    return fields


def cron_next(text: str, after: datetime, zone: str) -> datetime | None:
    """The first time of the schedule after ``after`` (with a zone), in UTC; None when there is none in eight years.

    Day of month and weekday must both fit. A time that the clock skips in spring is taken at the moment of the change;
    one that comes twice in autumn is taken once.
    """
    fields, local = cron_read(text), ZoneInfo(zone)
    start = after.astimezone(local)
    for day in (start.date() + timedelta(days=n) for n in range(FARTHEST_DAYS)):
        if _day_fits(fields, day):
            for hour in sorted(fields.hour):
                for minute in sorted(fields.minute):
                    moment = datetime.combine(day, time(hour, minute), local).astimezone(UTC)
                    if moment > after:
                        return moment
    return None


def _day_fits(fields: crontab, day: date) -> bool:
    return (
        day.month in fields.month_of_year
        and day.day in fields.day_of_month
        and day.isoweekday() % 7 in fields.day_of_week
    )
