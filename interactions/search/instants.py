"""Times as whole microseconds since the epoch, as positions and the columnar copy hold them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def as_number(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def as_time(number: int) -> datetime:
    """OverflowError beyond the year 9999."""
    return _EPOCH + number * _MICROSECOND
