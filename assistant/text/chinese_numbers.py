"""Chinese numbers as words of their own: 105 as 一百零五, and back. Where one stands in a text, `numerals` tells."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
VALUES = {sign: value for value, sign in enumerate(DIGITS)} | {"〇": 0, "○": 0, "两": 2}
POWERS = {"十": 10, "百": 100, "千": 1_000}
SCALES = {"亿": 10**8, "万": 10**4}  # the greater one first


def in_full(value: int) -> str:
    """Every digit with its power: 一十二, 一百零五, 三万零二十; 0 is 零."""
    for sign, scale in SCALES.items():
        if value >= scale:
            high, low = divmod(value, scale)
            gap = "零" if low and low < scale // 10 else ""
            return in_full(high) + sign + gap + (in_full(low) if low else "")
    made, skipped = "", False
    for sign, power in (*reversed(POWERS.items()), ("", 1)):
        digit, value = divmod(value, power)
        if digit:
            made += ("零" if skipped and made else "") + DIGITS[digit] + sign
        skipped = not digit
    return made or "零"


def as_spoken(value: int) -> str:
    """The same as one says it: 十二, but 一百一十二."""
    made = in_full(value)
    return made[1:] if made.startswith("一十") else made


def loosely(text: str) -> int:
    """The value, with 零 or without. Raises KeyError for anything else.

    Of 三千五, which often means 3500, it is 3005: who takes no half-said numbers compares it with `in_full`.
    """
    for sign, scale in SCALES.items():
        if sign in text:
            high, _, low = text.rpartition(sign)
            return loosely(high) * scale + loosely(low)
    value = digit = 0
    for sign in text:
        if sign in POWERS:
            value += (digit or 1) * POWERS[sign]
            digit = 0
        else:
            digit = VALUES[sign]
    return value + digit
