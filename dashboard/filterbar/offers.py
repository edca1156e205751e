"""What the filter form offers: people, groups and skills by name, and LivePerson's words that conversations hold."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from interactions.models import NO_TAG, Agent, AgentGroup, AgentKind, Conversation, Skill, Tag
from interactions.models.prepared import Prepared
from interactions.search import channel_word, code_word, device_word, isolated, language_word, offered, queue_word
from interactions.search.names import agents_known_to, own_groups
from interactions.search.text import normalise

Pair = tuple[str, str]
Reader = AbstractBaseUser | AnonymousUser
CODES = ("channel", "device", "language", "close_reason", "queue")
_WORDS = {"channel": channel_word, "device": device_word, "language": language_word, "queue": queue_word}
_CODES_SECONDS = 300


def _everyone() -> QuerySet[Agent]:
    return Agent.objects.exclude(kind=AgentKind.SYSTEM)


_EVERYONE = Prepared(_everyone)
_GROUPS = Prepared(lambda: AgentGroup.objects.filter(_is_offered("group")))
_SKILLS = Prepared(lambda: Skill.objects.filter(_is_offered("skill")))
_TAGS = Prepared(lambda: Tag.objects.order_by("key").values_list("key", "name"))


def agents(user: Reader, chosen: Sequence[str]) -> list[Pair]:
    """Own people and bots, and of the others those who are asked for and known."""
    groups = own_groups(user)
    if groups is None:
        everyone = _EVERYONE()
    else:
        own = _everyone().filter(kind=AgentKind.HUMAN, group__in=groups)
        met = agents_known_to(user).filter(liveperson_id__in=chosen)
        everyone = list(own | _everyone().filter(kind=AgentKind.BOT) | _everyone().filter(pk__in=met))
    return by_label((agent.liveperson_id, agent.name) for agent in everyone)


def groups(user: Reader) -> list[Pair]:
    own = own_groups(user)
    return _named(group for group in _GROUPS() if own is None or group.pk in own)


def skills() -> list[Pair]:
    return _named(_SKILLS())


def _is_offered(column: str) -> Q:
    """What LivePerson has, and of what it no longer has whatever conversations still hold."""
    return Q(is_deleted=False) | Q(Exists(Conversation.objects.filter(**{column: OuterRef("pk")})))


def tags() -> list[Pair]:
    """Every tag there is, and what has none; nothing before the first is used."""
    found = _TAGS()
    return [*found, (NO_TAG, "no tag")] if found else []


def codes(name: str) -> list[Pair]:
    """LivePerson's words for one of CODES that conversations hold."""
    found: dict[str, list[str]] = cache.get_or_set("filter-codes", lambda: offered.codes(CODES), _CODES_SECONDS) or {}
    word = _WORDS.get(name, code_word)
    return by_label((value, word(value)) for value in found.get(name, ()))


def _named(things: Iterable[Skill] | Iterable[AgentGroup]) -> list[Pair]:
    return by_label((thing.liveperson_id, _label(thing)) for thing in things)


def _label(thing: Skill | AgentGroup) -> str:
    return f"{isolated(str(thing))}, no longer in LivePerson" if thing.is_deleted else str(thing)


def by_label(pairs: Iterable[Pair]) -> list[Pair]:
    # Without accents, or Élodie would stand after Zoë.
    return sorted(pairs, key=lambda pair: normalise(pair[1]))
