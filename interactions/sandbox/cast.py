"""The invented people of the account: agents, bots, groups, skills, consumers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

MAIN_GROUP = -1
GROUPS: dict[int, tuple[str, int | None, str]] = {
    MAIN_GROUP: ("Main Group", None, "Everybody"),
    880160110: ("Customer care", -1, "All service desks"),
    880160210: ("Delivery desk", 880160110, "Parcels and carriers"),
    880160310: ("Returns desk", 880160110, "Returns, refunds and damages"),
    880160410: ("Accounts and billing", -1, "Money, sign-in and contracts"),
    880160510: ("Billing night shift", 880160410, "Billing from six in the evening"),
    880160610: ("Workshop", -1, "Repairs and product advice"),
    880160710: ("International", 880160110, "French, Arabic and German speakers"),
    880160810: ("Former partners", -1, "Closed in spring"),
}
SKILLS: dict[int, tuple[str, str]] = {
    880151410: ("Front desk bot", "First contact"),
    880151510: ("Delivery", "Parcels, dates, carriers"),
    880151610: ("Returns", "Returns, refunds, damaged goods"),
    880151710: ("Billing", "Charges and invoices"),
    880151810: ("Account help", "Sign-in and personal data"),
    880151910: ("Product advice", "Before the purchase"),
    880152010: ("Repairs", "Appointments and guarantee"),
    880152110: ("Subscriptions", "Pause, change, cancel"),
    880152210: ("Service en français", "Toutes les demandes"),
    880152310: ("خدمة العملاء", "كل الطلبات بالعربية"),
    880152410: ("Deutscher Service", "Alle Anliegen"),
    880152510: ("Old hotline", "No longer used"),
}
DELETED_SKILLS = {880152510}
DELETED_GROUPS = {880160810}
SKILL_ID = {name: number for number, (name, _) in SKILLS.items()}
USER_TYPES = {"0": "System", "1": "Human", "2": "Bot"}


@dataclass(frozen=True)
class Agent:
    """A user of the account. `moved_from` is the group held during the first half of the account's days."""

    id: int
    full_name: str
    nickname: str
    login: str
    group: int
    skills: tuple[int, ...] = ()
    user_type: str = "1"
    role: str = "AGENT"
    level: float = 0.6  # how often a talk ends well, 0..1
    load: float = 1.0  # share of the work
    pace: float = 1.0  # how long answers take
    moved_from: int | None = None
    deleted: bool = False
    manages: tuple[int, ...] = ()

    @property
    def pid(self) -> str:
        return uuid_text("agent", self.id)


def digest(*parts: object) -> str:
    """64 hex digits that depend on the parts alone."""
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=32).hexdigest()


def uuid_text(*parts: object) -> str:
    h = digest(*parts)
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-a{h[17:20]}-{h[20:32]}"


# name | nickname | group | skills | level | load | pace | extras
_HUMANS = """
Noor Haddad|Noor|880160210|Delivery,خدمة العملاء|.86|1.3|.8|
Tom Akkerman|Tom|880160210|Delivery|.55|1.5|.9|
Ines Carvalho|Ines|880160210|Delivery,Returns|.74|1.0|1.0|
Piotr Zielak|Piotr|880160210|Delivery|.34|.9|1.6|
Mabel Osei|Mabel|880160210|Delivery,Product advice|.81|.7|1.1|from=880160310
Sam Whitlock|Sam|880160210|Delivery|.62|1.1|1.0|
Sam Okonjo|Sam|880160310|Returns|.71|1.2|.9|
Greta Lindqvist|Greta|880160310|Returns,Deutscher Service|.78|.9|1.0|
Dario Bianchetti|Dario|880160310|Returns|.47|1.3|1.2|
Wen Hartono|Wen|880160310|Returns,Delivery|.66|1.0|.8|from=880160210
Ffion Pryce|Ffion|880160310|Returns|.9|.5|1.3|
Lukas Brandauer|Lukas|880160410|Billing,Deutscher Service|.58|1.0|1.1|
Anjali Deshmukh|Anjali|880160410|Billing,Subscriptions|.83|1.2|.9|
Corin Velazco|Corin|880160410|Billing,Account help|.41|1.1|1.4|
Hester Quill|Hester|880160410|Account help|.69|.8|1.0|
Yusuf Demirel|Yusuf|880160410|Account help,Subscriptions|.76|1.0|.9|
Bea Novakova|Bea|880160510|Billing,Subscriptions|.52|.8|1.2|from=880160410
Rollo Penhale|Rollo|880160510|Billing,Account help|.64|.7|1.5|
Sunniva Dahl|Sunniva|880160510|Subscriptions|.8|.6|1.0|
Mateo Ibarra|Mateo|880160610|Repairs|.73|1.0|1.0|
Kiri Tamahere|Kiri|880160610|Repairs,Product advice|.88|.8|.9|
Olek Marchuk|Olek|880160610|Repairs|.38|1.2|1.3|
Pippa Langdale|Pippa|880160610|Product advice|.7|1.1|.7|
Élodie Garnaud|Élodie|880160710|Service en français|.84|1.2|.9|
Rémi Castellane|Rémi|880160710|Service en français|.5|1.0|1.2|
Layla Mansouri|Layla|880160710|خدمة العملاء,Service en français|.87|1.1|.8|
Karim Al-Sabti|Karim|880160710|خدمة العملاء|.57|.9|1.2|
Jost Wedemeyer|Jost|880160710|Deutscher Service|.65|.9|1.0|from=880160410
Vera Kaltman|Vera|880160210|Delivery,Returns|.45|.9|1.1|deleted
Ruth Abernethy|Ruth|880160110||.9|0|1|manager=880160110,880160210,880160310,880160710
Idris Farouk|Idris|880160410||.9|0|1|manager=880160410,880160510
Marta Solheim|Marta|880160610||.9|0|1|manager=880160610
"""


def _humans() -> list[Agent]:
    agents = []
    for number, line in enumerate(_HUMANS.strip().splitlines()):
        name, nickname, group, skills, level, load, pace, extra = line.split("|")
        key, _, value = extra.partition("=")
        login = ".".join(name.lower().replace("é", "e").replace("-", "").split()) + "@harborpine.example"
        agents.append(
            Agent(
                id=2210063318 + 7 * number,
                full_name=name,
                nickname=nickname,
                login=login,
                group=int(group),
                skills=tuple(SKILL_ID[skill] for skill in skills.split(",") if skill),
                role="AGENTMANAGER" if key == "manager" else "AGENT",
                level=float(level),
                load=float(load),
                pace=float(pace),
                moved_from=int(value) if key == "from" else None,
                deleted=key == "deleted",
                manages=tuple(map(int, value.split(","))) if key == "manager" else (),
            )
        )
    return agents


FRONT_BOT = Agent(
    2210045071, "Pine Bot", "PineBot", "pinebot", MAIN_GROUP, (SKILL_ID["Front desk bot"],), user_type="2"
)
SURVEY_BOT = Agent(2210047790, "Survey Bot", "SurveyBot", "surveybot", MAIN_GROUP, user_type="2")
SYSTEM = Agent(2210000002, "System", "System", "system", MAIN_GROUP, user_type="0", role="SYSTEM")
AGENTS: list[Agent] = [*_humans(), FRONT_BOT, SURVEY_BOT, SYSTEM]

_FIRST = {
    "en": "Ilse Joan Arthur Priya Declan Maeve Otis Hannah Rufus Keiko Bram Sadie Theo Winifred Amir "
    "Clara Duncan Esme Farah Gus",
    "fr": "Camille Théo Manon Hugo Chloé Bastien Inès Lucien Margaux Rémy Sylvie Gaspard",
    "ar": "ليلى أحمد سارة يوسف مريم خالد هدى عمر نادية طارق رنا سامي",
    "de": "Anke Jonas Silke Torben Heike Lennart Birte Maximilian Frauke Ole",
}
_LAST = {
    "en": "Marchetti Fairweather Ashdown Kettering Obi Prendergast Yardley Stannard Lowther Quigg Bellweather "
    "Thackeray Mistry Hollins Vane Crowhurst",
    "fr": "Delmotte Vasseur Rochebrune Pelletan Aubrac Charlier Montfleury Gaudin Lacaze",
    "ar": "الحسيني المنصوري الخطيب العبدالله الصالح النجار البستاني القاسم",
    "de": "Petersen Wagenknecht Ohlsen Brinkhoff Tiedemann Scholl Ruhnau Evers",
}


_FIRST_NAMES = {language: names.split() for language, names in _FIRST.items()}
_LAST_NAMES = {language: names.split() for language, names in _LAST.items()}


class Consumer(NamedTuple):
    """Who writes. A visitor without a name has `first` = "Visitor" and no contact data."""

    id: str
    first: str
    last: str
    email: str
    phone: str

    @property
    def known(self) -> bool:
        return bool(self.last)


def consumer(seed: int, language: str, number: int) -> Consumer:
    """The consumer behind a number; a pure function."""
    mark = digest("consumer", seed, language, number)
    roll = int(mark[:8], 16)
    identifier = mark if roll % 5 else f"{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-9{mark[17:20]}-{mark[20:32]}"
    if roll % 4 == 1:
        return Consumer(identifier, "Visitor", "", "undefined", "0")
    firsts, lasts = _FIRST_NAMES[language], _LAST_NAMES[language]
    first, last = firsts[roll // 7 % len(firsts)], lasts[roll // 97 % len(lasts)]
    phone = f"+1555{roll % 10_000_000:07d}" if roll % 3 == 0 else "0"
    return Consumer(identifier, first, last, f"{mark[:7]}@mailbox.example", phone)
