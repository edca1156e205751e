"""Who is signed in, read with what every page asks of them: their scope and their preferences."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User

from interactions.models.prepared import Blank, Prepared

_PERSON = Prepared(lambda: User.objects.filter(pk=Blank("pk")).select_related("scope", "preference"))


class PeopleBackend(ModelBackend):
    """Signs in by name and password as Django does; one query tells who somebody is, where there would be three."""

    def get_user(self, user_id: Any) -> User | None:
        person = _PERSON.first(pk=int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None
