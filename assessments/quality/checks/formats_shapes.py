"""Regular expressions of things that have a shape. Each covers the whole text; none is written in letters that one
backend reads otherwise than another."""

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_HEX = "[0-9A-Fa-f]{1,4}"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
IPV6 = "|".join(
    (
        f"(?:{_HEX}:){{7}}{_HEX}",
        f"(?:{_HEX}:){{1,7}}:",
        *(f"(?:{_HEX}:){{1,{7 - after}}}(?::{_HEX}){{1,{after}}}" for after in range(1, 7)),
        f":(?:(?::{_HEX}){{1,7}}|:)",
        f"(?:{_HEX}:){{6}}{IPV4}",
        f"::(?:{_HEX}:){{0,5}}{IPV4}",
        *(f"(?:{_HEX}:){{1,{6 - after}}}(?::{_HEX}){{0,{after - 1}}}:{IPV4}" for after in range(1, 6)),
    )
)
HOST = rf"{_LABEL}(?:\.{_LABEL})*"
DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*\.[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])"
EMAIL = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{DOMAIN}"
_SCHEME = "(?:[Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])"
_PLACE = rf"(?:[^ /?#@]+@)?(?:{HOST}|\[(?:{IPV6})\])(?::[0-9]{{1,5}})?"
URL = rf"{_SCHEME}://{_PLACE}(?:[/?#][^ \t\r\n]*)?"
UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
INTEGER = "[+-]?[0-9]+"
BOOLEAN = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[TtFfYyNn01]"
PHONE = r"[+]?[(]?[0-9][0-9 ().\/-]*[0-9]"
POSTAL_CODE = "[A-Za-z0-9](?:[A-Za-z0-9 -]{1,8})[A-Za-z0-9]"
LANGUAGE_TAG = "[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*"
