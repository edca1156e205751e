"""Django's admin for operators: people, groups, skills and what each person may see; never a transcript."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from interactions.models import Agent, AgentGroup, Scope, Skill, Tag, is_tag_seen, tag_key, tag_name


class FromLivePerson:
    """Rows that LivePerson owns: looked up here, changed there, and never deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Agent)
class AgentAdmin(FromLivePerson, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "nickname", "login_name", "liveperson_id", "kind", "group", "is_deleted")
    list_filter = ("kind", "is_deleted", "group")
    list_select_related = ("group",)
    search_fields = ("full_name", "nickname", "login_name", "liveperson_id", "pid")
    ordering = ("full_name", "nickname", "liveperson_id")


@admin.register(AgentGroup)
class AgentGroupAdmin(FromLivePerson, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "liveperson_id", "parent", "is_deleted")
    list_filter = ("is_deleted",)
    list_select_related = ("parent",)
    search_fields = ("name", "liveperson_id")
    ordering = ("name",)


@admin.register(Skill)
class SkillAdmin(FromLivePerson, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "liveperson_id", "is_deleted")
    list_filter = ("is_deleted",)
    search_fields = ("name", "liveperson_id")
    ordering = ("name",)


class TagForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_name(self) -> str:
        name = tag_name(self.cleaned_data["name"])
        if not is_tag_seen(name):
            raise forms.ValidationError("A tag needs at least one letter.")
        if Tag.objects.exclude(pk=self.instance.pk).filter(key=tag_key(name)).exists():
            raise forms.ValidationError("There is such a tag already.")
        self.instance.key = tag_key(name)
        return name


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Renamed or removed here, made where it is first used."""

    form = TagForm
    fields = ("name",)
    list_display = ("name", "count")
    search_fields = ("name",)
    ordering = ("key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        rows: QuerySet[Tag] = super().get_queryset(request).annotate(count=Count("taggings"))
        return rows

    @admin.display(description="conversations")
    def count(self, tag: Any) -> int:
        return int(tag.count)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Scope)
class ScopeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "all_groups", "group_names", "unassigned_too", "may_reveal", "zone")
    list_filter = ("all_groups", "unassigned_too", "may_reveal", "groups")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "groups__name")
    autocomplete_fields = ("user", "groups")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scope]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="groups")
    def group_names(self, scope: Scope) -> str:
        return ", ".join(str(group) for group in scope.groups.all())


class ScopeInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Scope
    autocomplete_fields = ("groups",)
    verbose_name = verbose_name_plural = "what this person may see"


class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    inlines = (ScopeInline,)
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser", "sees")
    list_filter = ("is_active", "is_staff", "is_superuser", "scope__all_groups", "scope__groups")
    list_select_related = ("scope",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("scope__groups")

    @admin.display(description="sees")
    def sees(self, user: User) -> str:
        if user.is_superuser:
            return "everything"
        scope: Scope | None = getattr(user, "scope", None)
        if scope is None:
            return "nothing"
        return "all groups" if scope.all_groups else ", ".join(str(group) for group in scope.groups.all()) or "nothing"


_Person = get_user_model()
if admin.site.is_registered(_Person):
    admin.site.unregister(_Person)
admin.site.register(_Person, PersonAdmin)
