"""Django's admin for what people keep: shared views outlive their author's holiday, and someone must mend them."""

from django.contrib import admin

from dashboard.models import ColumnChoice, SavedView


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "owner", "is_shared", "updated_at")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username")
    autocomplete_fields = ("owner",)
    readonly_fields = ("created_at", "updated_at")


@admin.register(ColumnChoice)
class ColumnChoiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "columns")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    autocomplete_fields = ("user",)
