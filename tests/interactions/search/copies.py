"""Holds what the columnar copy says against what the database says."""

from django.contrib.auth.models import User

from interactions.models import Conversation
from interactions.search.columnar import answer
from interactions.search.conditions import to_q

from .conftest import asked

QUESTIONS = [
    *("", "csat=1", "handled_by=bot", "comment=1", "csat=none", "mcs_max=60&weekday=1", "reviewed=no", "flag=1"),
    *("q=refund", "q=-refund", "q=late+-refund+OR+third", "q=%22third+time%22&csat=1"),
]


def is_true(*people: User) -> bool:
    """Whether the copy, which must be in use, holds what the database holds."""
    for user in people:
        for text in QUESTIONS:
            query = asked(text)
            found = answer.answer_to(query.conditions(), user)
            assert found is not None, text
            wanted = Conversation.objects.visible_to(user).filter(to_q(query.conditions(), reader=user.pk))
            if found.pks().tolist() != sorted(wanted.values_list("pk", flat=True)):
                return False
    return True
