"""Time zones: the machine's own, offsets and abbreviations at a moment, the two names that a zone goes by."""

from __future__ import annotations

import math
import os
import re
from functools import lru_cache
from typing import Any

GREENWICH = ("UTC", "GMT", "Etc/UTC", "Etc/GMT")


def local_zone() -> str:
    """Name of the machine's time zone: ``TZ``, else what /etc tells, else UTC."""
    return _known_zone(os.environ.get("TZ", "").lstrip(":"))


@lru_cache(maxsize=8)
def _known_zone(name: str) -> str:
    if not name:
        try:
            with open("/etc/timezone", encoding="ascii") as file:
                name = file.read().strip()
        except OSError:
            target = os.path.realpath("/etc/localtime")
            name = target.partition("/zoneinfo/")[2]
    return name if name and zone_info(name) is not None else "UTC"


@lru_cache(maxsize=64)
def zone_info(name: str) -> Any:
    """The rules of a named zone, None for an unknown name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_at(seconds: float, name: str) -> tuple[int, str, int]:
    """Offset in seconds, abbreviation and daylight flag of a zone at a moment."""
    name = name or local_zone()
    if name in GREENWICH:
        return 0, "GMT" if name.endswith("GMT") else "UTC", 0
    rules = zone_info(name)
    if rules is None:
        return (*_told_zone(name), 0)
    from datetime import UTC, datetime, timedelta

    try:
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=math.floor(seconds))).astimezone(rules)
    except OverflowError:
        return 0, name, 0
    offset = moment.utcoffset()
    saving = moment.dst()
    return int(offset.total_seconds()) if offset else 0, moment.tzname() or name, 1 if saving else 0


_TOLD = re.compile(r"([A-Za-z]{3,})(?:([+-]?)(\d{1,2})(?::(\d\d))?)?")


@lru_cache(maxsize=64)
def _told_zone(name: str) -> tuple[int, str]:
    """Offset and abbreviation of a zone that no table has: `EST5` is five hours behind Greenwich, letters are a name."""
    told = _TOLD.match(name)
    if told is None:
        return 0, ""
    behind = int(told[3] or 0) * 3600 + int(told[4] or 0) * 60
    return behind if told[2] == "-" else -behind, told[1]


@lru_cache(maxsize=64)
def zone_names(name: str) -> list[str]:
    """The zone and what it last called its usual and its summer time; the latter is "" where the zone is unknown."""
    place = name or local_zone()
    if zone_info(place) is None and not any(letter.isdigit() for letter in place):
        return [name, zone_at(0.0, name)[1], ""]
    usual = summer = None
    # From the last year that zones are commonly laid out for back to the first ones, by half a month.
    for half_month in range(2037 * 24, 1883 * 24, -1):
        _, abbreviation, daylight = zone_at((half_month / 24 - 1970) * 31556952.0, place)
        if daylight:
            summer = summer or abbreviation
        else:
            usual = usual or abbreviation
        if usual and summer:
            break
    return [name, usual or summer or place, summer or usual or place]
