"""Calendar dates and clock times: days and seconds since 1970 to fields and back, zones, strftime and strptime."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from functools import lru_cache

from pipekeras.grammar.errors import RError
from pipekeras.grammar.text.zones import zone_at
from pipekeras.grammar.vectors.report import warn

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def is_leap(year: int) -> bool:
    """Whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Days of a month counted from 1."""
    return (31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; a month outside 1 to 12 and any day carry over."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year + day - 1 - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day count."""
    days += 719468
    era = days // 146097
    of_era = days - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


@dataclass(slots=True)
class Fields:
    """One moment taken apart; ``month`` counts from 1, ``weekday`` from Sunday = 0, ``yearday`` from 0."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: float = 0.0
    weekday: int = 0
    yearday: int = 0
    daylight: int = 0
    zone: str = "UTC"
    offset: int = 0


FIRST_DAY = days_from_civil(1900 - 2**31, 1, 1)
LAST_DAY = days_from_civil(1900 + 2**31, 1, 1) - 1
"""The days whose years, counted from 1900, are whole numbers of four bytes: R shows no others."""


def has_year(days: float) -> bool:
    """Whether a day count stands for a date that can be taken apart."""
    return FIRST_DAY <= days < LAST_DAY + 1


def fields_of_days(days: float) -> Fields:
    """The date of a day count."""
    whole = math.floor(days)
    year, month, day = civil_from_days(whole)
    return Fields(year, month, day, 0, 0, 0.0, (whole + 4) % 7, whole - days_from_civil(year, 1, 1))


def fields_of_seconds(seconds: float, zone: str = "UTC") -> Fields:
    """The local date and time of seconds since 1970 in a zone ("" is the machine's)."""
    offset, abbreviation, daylight = zone_at(seconds, zone)
    local = seconds + offset
    days = math.floor(local / 86400)
    rest = local - days * 86400
    fields = fields_of_days(days)
    fields.hour = int(rest // 3600)
    fields.minute = int(rest % 3600 // 60)
    fields.second = rest % 60
    fields.daylight, fields.zone, fields.offset = daylight, abbreviation, offset
    return fields


def seconds_of_fields(fields: Fields, zone: str = "UTC") -> float:
    """Seconds since 1970 of a local time; fields out of range carry over."""
    days = days_from_civil(fields.year, fields.month, fields.day)
    local = days * 86400 + fields.hour * 3600 + fields.minute * 60 + fields.second
    offset = zone_at(local, zone)[0]
    again = zone_at(local - offset, zone)[0]
    return local - again


def seconds_as_told(fields: Fields, zone: str, daylight: int) -> float:
    """Seconds since 1970 of a local time that says whether it is summer time: the clock is read as that half of the year
    reads it."""
    seconds = seconds_of_fields(fields, zone)
    if daylight not in (0, 1) or zone_at(seconds, zone)[2] == daylight:
        return seconds
    local = seconds + zone_at(seconds, zone)[0]
    for days in (0.05, -0.05, 60, -60, 120, -120, 180, -180):
        offset, _, found = zone_at(seconds + days * 86400, zone)
        if found == daylight:
            return local - offset
    return seconds


def _week(fields: Fields, first_weekday: int) -> int:
    return (fields.yearday + 7 - (fields.weekday - first_weekday) % 7) // 7


def _iso_week(fields: Fields) -> tuple[int, int]:
    weekday = (fields.weekday - 1) % 7
    week = (fields.yearday - weekday + 10) // 7
    if week < 1:
        year = fields.year - 1
        last = days_from_civil(year, 12, 31)
        return year, _iso_week(fields_of_days(last))[1]
    if week == 53:
        following = days_from_civil(fields.year + 1, 1, 1)
        if (following + 3) % 7 <= 3:
            return fields.year + 1, 1
    return fields.year, week


_COMPOUNDS = {
    "F": "%Y-%m-%d", "T": "%H:%M:%S", "D": "%m/%d/%y", "R": "%H:%M", "c": "%a %b %e %H:%M:%S %Y",
    "x": "%m/%d/%y", "X": "%H:%M:%S", "r": "%I:%M:%S %p", "h": "%b",
}  # fmt: skip


_PADDING = re.compile(r"%(?=[-_0^#1-9])([-_0^#]*)([0-9]*)([aAbBCdeFgGhHIjklmMpPSuUVwWyYZ])")
_FILLS = {**dict.fromkeys("CdgHIjmMSuUVwWyYG", "0"), **dict.fromkeys("ekl", " ")}


def _padded(text: str, code: str, flags: str, width: int) -> str:
    """A field written with a flag or a width between the percent sign and the letter."""
    pads = {"-": "", "_": " ", "0": "0"}
    fill = next((pads[flag] for flag in reversed(flags) if flag in pads), _FILLS.get(code, " "))
    if "^" in flags:
        text = text.upper()
    elif "#" in flags:
        text = text.lower() if code in "pZ" else text.upper()
    if code not in _FILLS:
        return text.rjust(width, fill or " ")
    usual = len(text)
    bare = text.lstrip("0 ") or "0"
    return bare.rjust(max(width, usual) if fill else width, fill or " ")


def format_fields(fields: Fields, template: str) -> str:
    """``strftime`` in the C locale, with R's ``%OSn`` for fractions of seconds."""
    out = []
    place = 0
    while place < len(template):
        letter = template[place]
        if letter != "%" or place + 1 >= len(template):
            out.append(letter)
            place += 1
            continue
        padded = _PADDING.match(template, place)
        if padded is not None:
            out.append(_padded(_format_code(fields, padded[3]), padded[3], padded[1], int(padded[2] or 0)))
            place = padded.end()
            continue
        code = template[place + 1]
        place += 2
        if code in "EO" and place < len(template):
            if code == "O" and template[place] == "S":
                place += 1
                count = 0
                if place < len(template) and template[place].isdigit():
                    count = min(int(template[place]), 6)
                    place += 1
                scale = 10**count
                second = math.floor(fields.second * scale + 1e-6) / scale
                out.append(f"{second:0{3 + count}.{count}f}" if count else f"{int(fields.second):02d}")
                continue
            code = template[place]
            place += 1
        out.append(_format_code(fields, code))
    return "".join(out)


def _format_code(fields: Fields, code: str) -> str:
    if code in _COMPOUNDS:
        return format_fields(fields, _COMPOUNDS[code])
    hour = fields.hour
    if code == "Y":
        return str(fields.year)
    if code == "m":
        return f"{fields.month:02d}"
    if code == "d":
        return f"{fields.day:02d}"
    if code == "e":
        return f"{fields.day:2d}"
    if code == "H":
        return f"{hour:02d}"
    if code == "k":
        return f"{hour:2d}"
    if code == "I":
        return f"{(hour + 11) % 12 + 1:02d}"
    if code == "l":
        return f"{(hour + 11) % 12 + 1:2d}"
    if code == "M":
        return f"{fields.minute:02d}"
    if code == "S":
        return f"{int(fields.second):02d}"
    if code == "y":
        return f"{fields.year % 100:02d}"
    if code == "C":
        return f"{fields.year // 100:02d}"
    if code in "bh":
        return MONTHS[fields.month - 1][:3]
    if code == "B":
        return MONTHS[fields.month - 1]
    if code == "a":
        return WEEKDAYS[fields.weekday][:3]
    if code == "A":
        return WEEKDAYS[fields.weekday]
    if code == "j":
        return f"{fields.yearday + 1:03d}"
    if code == "U":
        return f"{_week(fields, 0):02d}"
    if code == "W":
        return f"{_week(fields, 1):02d}"
    if code == "V":
        return f"{_iso_week(fields)[1]:02d}"
    if code == "G":
        return str(_iso_week(fields)[0])
    if code == "g":
        return f"{_iso_week(fields)[0] % 100:02d}"
    if code == "u":
        return str((fields.weekday - 1) % 7 + 1)
    if code == "w":
        return str(fields.weekday)
    if code == "p":
        return "AM" if hour < 12 else "PM"
    if code == "P":
        return "am" if hour < 12 else "pm"
    if code == "Z":
        return fields.zone
    if code == "z":
        sign = "-" if fields.offset < 0 else "+"
        minutes = abs(fields.offset) // 60
        return f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
    if code == "s":
        whole = days_from_civil(fields.year, fields.month, fields.day) * 86400
        return str(int(whole + hour * 3600 + fields.minute * 60 + fields.second - fields.offset))
    return {"n": "\n", "t": "\t", "%": "%"}.get(code, "%" + code)


_NUMBERS = {
    "Y": (r"\d{1,4}", "year"), "m": (r"\d{1,2}", "month"), "d": (r"\d{1,2}", "day"), "e": (r"\s?\d{1,2}", "day"),
    "H": (r"\d{1,2}", "hour"), "k": (r"\s?\d{1,2}", "hour"), "I": (r"\d{1,2}", "hour12"), "l": (r"\s?\d{1,2}", "hour12"),
    "M": (r"\d{1,2}", "minute"), "S": (r"\d{1,2}", "second"), "y": (r"\d{1,2}", "short_year"), "j": (r"\d{1,3}", "yearday"),
    "U": (r"\d{1,2}", "week"), "W": (r"\d{1,2}", "monday_week"), "u": (r"\d", "iso_weekday"), "w": (r"\d", "weekday"),
    "s": (r"\d+", "epoch"), "C": (r"\d{1,2}", "century"),
}  # fmt: skip


@lru_cache(maxsize=128)
def _parser(template: str) -> re.Pattern[str]:
    """A pattern whose groups are named after the fields of a ``strptime`` format."""
    out = []
    used: dict[str, int] = {}

    def group(name: str, pattern: str) -> None:
        used[name] = used.get(name, 0) + 1
        out.append(f"(?P<{name}{'_' * used[name]}>{pattern})")

    def add(text: str) -> None:
        place = 0
        while place < len(text):
            letter = text[place]
            if letter.isspace():
                out.append(r"\s*")
                place += 1
                continue
            if letter != "%" or place + 1 >= len(text):
                out.append(re.escape(letter))
                place += 1
                continue
            code = text[place + 1]
            place += 2
            if code in "EO" and place < len(text):
                code = text[place]
                place += 1
                if code == "S":
                    if place < len(text) and text[place].isdigit():
                        place += 1
                    out.append(r"\s*")
                    group("second", r"\d{1,2}(?:\.\d*)?")
                    continue
            if code == "D":
                # Written with the month first, read with the year first: so does GNU R.
                add("%y/%m/%d")
            elif code in _COMPOUNDS:
                add(_COMPOUNDS[code])
            elif code in _NUMBERS:
                if code in "YmdeHMSyjI":
                    out.append(r"\s*")
                pattern, name = _NUMBERS[code]
                group(name, pattern)
            elif code in "bBh":
                group("month_name", "|".join(f"{name}|{name[:3]}" for name in MONTHS))
            elif code in "aA":
                group("weekday_name", "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS))
            elif code in "pP":
                group("half", "am|pm")
            elif code == "z":
                out.append(r"\s*")
                group("offset", r"[+-]\d{4}")
            elif code == "Z":
                group("zone", r"[A-Za-z]+")
            elif code in "nt":
                out.append(r"\s*")
            else:
                out.append(re.escape(code))

    add(template)
    return re.compile("".join(out), re.IGNORECASE)


def parse_fields(text: str, template: str) -> Fields | None:
    """``strptime``: the fields that a text shows, None when it does not fit; what follows the match is ignored.

    Fields that the format does not mention are today's date (if no part of a date is given) and midnight.
    """
    before, zone, _ = template.partition("%Z")
    match = _parser(before).match(text.lstrip() if template[:1].isspace() else text)
    if match is None:
        return None
    if zone:
        raise RError("use of %Z for input is not supported")
    found = {name.rstrip("_"): value for name, value in match.groupdict().items() if value is not None}

    def number(name: str) -> int | None:
        value = found.get(name)
        return None if value is None else int(value)

    epoch = number("epoch")
    if epoch is not None:
        return fields_of_seconds(float(epoch), "UTC")
    year = number("year")
    short = number("short_year")
    if year is None and short is not None:
        century = number("century")
        year = short + (century * 100 if century is not None else 2000 if short < 69 else 1900)
    month = number("month")
    if "month_name" in found:
        month = [name[:3].lower() for name in MONTHS].index(found["month_name"][:3].lower()) + 1
    day = number("day")
    yearday = number("yearday")
    hour = number("hour")
    half_hour = number("hour12")
    if half_hour is not None:
        if not 1 <= half_hour <= 12:
            return None
        hour = half_hour % 12 + (12 if found.get("half", "").lower() == "pm" else 0)
    minute = number("minute") or 0
    second = float(found.get("second", 0))
    hour = hour or 0
    if hour > 24 or minute > 59 or second > 61 or (hour == 24 and (minute or second)):
        return None
    week = _day_of_week(found, year)
    if week is not None:
        if week < 0:
            return None
        if yearday is None:
            shown = civil_from_days(days_from_civil(_year_or_now(year), 1, 1) + week)
            year, month, day = shown[0], month or shown[1], day or shown[2]
    if year is None or (month is None and yearday is None) or (day is None and yearday is None):
        date = _missing_date(year, month, day)
        if date is None:
            return None
        year, month, day = date
    if yearday is not None and year is not None and number("month") is None:
        if not 1 <= yearday <= 365 + is_leap(year):
            warn(f"day-of-year {yearday} in year {year} is invalid")
            return None
        year, month, day = civil_from_days(days_from_civil(year, 1, yearday))
    assert year is not None and month is not None and day is not None
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    fields = fields_of_days(days_from_civil(year, month, day))
    fields.hour, fields.minute, fields.second = hour, minute, second
    if "offset" in found:
        seconds = _offset_seconds(found["offset"])
        if seconds is None:
            return None
        fields.offset = seconds
        fields.zone = "+offset"
    return fields


def _day_of_week(found: dict[str, str], year: int | None) -> int | None:
    """The day of the year, from 0, of a week's number and a weekday; None where a format lacks either, -1 out of range."""
    name, first = ("week", 0) if "week" in found else ("monday_week", 1)
    if "iso_weekday" in found:
        weekday = int(found["iso_weekday"])
        if not 1 <= weekday <= 7:
            return -1
    elif "weekday" in found:
        weekday = int(found["weekday"])
        if weekday > 6:
            return -1
    elif "weekday_name" in found:
        weekday = [name[:3].lower() for name in WEEKDAYS].index(found["weekday_name"][:3].lower())
    else:
        return None
    if name not in found:
        return None
    week = int(found[name])
    if week > 53:
        return -1
    known = _year_or_now(year)
    new_year = (days_from_civil(known, 1, 1) + 4) % 7
    day = (first - new_year) % 7 + 7 * (week - 1) + weekday % 7 - first
    if day > 364 + is_leap(known):
        warn(f"(0-based) yday {day} in year {known} is invalid")
        return -1
    # A day that lies before the new year is read as one of the week after: so does GNU R.
    return max(day + 7, -1) if day < 0 else day


def _offset_seconds(text: str) -> int | None:
    """Seconds of a zone written as +hhmm; None where it is out of range."""
    hours, minutes = int(text[1:3]), int(text[3:])
    if minutes > 59:
        return None
    if hours * 60 + minutes > 840:
        warn("values for %z outside +/-1400 are an error")
        return None
    seconds = hours * 3600 + minutes * 60
    return -seconds if text[0] == "-" else seconds


def _year_or_now(year: int | None) -> int:
    return civil_from_days(int(time.time() // 86400))[0] if year is None else year


def _missing_date(year: int | None, month: int | None, day: int | None) -> tuple[int, int, int] | None:
    """Completes a partial date as R does: nothing given is today, a year or a day alone needs the rest."""
    today = civil_from_days(int(time.time() // 86400))
    if year is None and month is None and day is None:
        return today
    if year is None and month is not None and day is not None:
        return today[0], month, day
    if year is None and month is None and day is not None:
        return today[0], today[1], day
    if year is not None and month is None and day is None:
        return year, today[1], today[2]
    return None
