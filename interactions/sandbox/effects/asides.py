"""Sentences that consumers add to their first message, each with a word that occurs nowhere else in its language."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import orjson

ODDS = (4.0, 3.2, 2.6, 2.1, 1.7, 1.4, 1.0, 1.0, 1.0)  # ratio for unhappy consumers; the last three are controls


class Aside(NamedTuple):
    word: str
    sentence: str


_LISTS = {
    "en": """
promised|I was promised a call on this
excuses|No more excuses please
ignored|My last two emails were ignored
dragging|This keeps dragging on
refused|The shop refused to look into it
voicemail|I only ever reach the voicemail
birthday|It is meant for a birthday
upstairs|We live upstairs by the way
seaside|We leave for the seaside soon
""",
    "fr": """
promis|On m'avait promis un rappel
prétextes|Plus de prétextes s'il vous plaît
ignorés|Mes deux derniers courriels ont été ignorés
traîne|Cette affaire traîne
refusé|La boutique a refusé de regarder
répondeur|Je tombe toujours sur le répondeur
anniversaire|C'est pour un anniversaire
grenier|Nous habitons sous le grenier
vacances|Nous partons bientôt en vacances
""",
    "ar": """
وعدتموني|وعدتموني بالاتصال
أعذار|كفى أعذار
تجاهلتم|تجاهلتم رسالتي الأخيرة
طالت|طالت المشكلة
رفض|رفض المتجر مساعدتي
المجيب|لا يرد علي إلا المجيب الآلي
ميلاد|إنها هدية عيد ميلاد
العلوي|نسكن في الطابق العلوي
سنسافر|سنسافر قريباً
""",
    "de": """
versprochen|Mir wurde ein Rückruf versprochen
Ausreden|Bitte keine Ausreden mehr
ignoriert|Meine letzten zwei Mails wurden ignoriert
Wochen|Das geht schon seit Wochen so
geweigert|Der Laden hat sich geweigert, es anzusehen
Mailbox|Ich erreiche immer nur die Mailbox
Geburtstag|Es ist für einen Geburtstag
Dachgeschoss|Wir wohnen im Dachgeschoss
Urlaub|Wir fahren bald in den Urlaub
""",
}
ASIDES = {code: [Aside(*line.split("|")) for line in lines.strip().splitlines()] for code, lines in _LISTS.items()}


@cache
def said(code: str, bits: int) -> bytes:
    """The asides whose bits are set, as the inside of a JSON string."""
    chosen = [each.sentence for number, each in enumerate(ASIDES[code]) if bits >> number & 1]
    return orjson.dumps("".join(f"\n{sentence}." for sentence in chosen))[1:-1]
