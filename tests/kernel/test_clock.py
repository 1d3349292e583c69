from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from anxin.kernel import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_frozen_clock_stands_still_and_is_released() -> None:
    at = datetime(2026, 2, 28, 23, 30, tzinfo=timezone(timedelta(hours=8)))
    with clock.frozen(at):
        assert clock.now() == at
        assert clock.now().tzinfo is UTC
        with clock.frozen(at + timedelta(days=1)):
            assert clock.now() == at + timedelta(days=1)
        assert clock.now() == at
    assert clock.now() != at


def test_today_is_the_day_in_china_not_in_utc() -> None:
    with clock.frozen(datetime(2026, 1, 31, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 2, 1)
        assert clock.today("UTC") == date(2026, 1, 31)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 1, 1)):
        pass
