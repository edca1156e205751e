"""Every address of Readback (design.md, Addresses)."""

from django.contrib import admin
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from dashboard.views import (
    access,
    audit,
    columns,
    conversations,
    exports,
    facets,
    health,
    marks,
    me,
    metrics,
    overview,
    panes,
    reader,
    saved,
    sync,
    takealong,
    unreadable,
)

handler403 = "dashboard.views.errors.forbidden"
handler404 = "dashboard.views.errors.not_found"
handler500 = "dashboard.views.errors.server_error"


class _ConversationId(StringConverter):
    """LivePerson's own word: it may hold a slash, and what was stored before ids were looked at a line break."""

    regex = r"[\s\S]+"


register_converter(_ConversationId, "id")

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("overview/trend.json", overview.trend, name="overview-trend"),
    path("overview/trend.csv", exports.trend_export, name="trend-export"),
    path("conversations/", conversations.conversation_list, name="conversation-list"),
    path("conversations/count.json", conversations.conversation_count, name="conversation-count"),
    path("conversations/size.json", conversations.conversation_size, name="conversation-size"),
    # Without a stroke at the end, which every reader has: an id may be "facets".
    path("conversations/facets", facets.facets_page, name="conversation-facets"),
    path("conversations/facets.json", facets.facets_data, name="conversation-facets-data"),
    path("conversations/<id:conversation_id>/print", takealong.conversation_print, name="conversation-print"),
    path("conversations/<id:conversation_id>/text", takealong.conversation_text, name="conversation-text"),
    path("conversations/<id:conversation_id>/raw", takealong.conversation_raw, name="conversation-raw"),
    path("conversations/<id:conversation_id>/new", takealong.conversation_new, name="conversation-new"),
    path("conversations/<id:conversation_id>/place", reader.conversation_place, name="conversation-place"),
    path("conversations/<id:conversation_id>/", reader.conversation_detail, name="conversation-detail"),
    # Without a stroke at the end too, which keeps them apart from the reader of an id that ends so.
    path("conversations/<id:conversation_id>/review", marks.review, name="conversation-review"),
    path("conversations/<id:conversation_id>/flag", marks.flag, name="conversation-flag"),
    path("conversations/<id:conversation_id>/tags", marks.tags, name="conversation-tags"),
    path("conversations/<id:conversation_id>/notes", marks.notes, name="conversation-notes"),
    path("conversations/<id:conversation_id>/shown", marks.shown, name="conversation-shown"),
    path("notes/<int:pk>/", marks.edit_note, name="note-edit"),
    path("notes/<int:pk>/delete/", marks.delete_note, name="note-delete"),
    path("marks/undo", marks.undo, name="mark-undo"),
    path("tags.json", marks.known_tags, name="known-tags"),
    path("refresh/<id:conversation_id>/", reader.conversation_refresh, name="conversation-refresh"),
    path("conversations.csv", exports.conversation_export, name="conversation-export"),
    path("messages.csv", exports.message_export, name="message-export"),
    path("columns/", columns.choose, name="columns"),
    path("views/", saved.view_list, name="saved-views"),
    path("views/new/", saved.new_view, name="saved-view-new"),
    path("views/start/", saved.start, name="start-page"),
    path("views/<int:pk>/edit/", saved.edit_view, name="saved-view-edit"),
    path("views/<int:pk>/update/", saved.update_view, name="saved-view-update"),
    path("views/<int:pk>/delete/", saved.delete_view, name="saved-view-delete"),
    path("views/<slug:key>/", saved.open_view, name="saved-view"),
    path("views/<slug:key>/count.json", saved.count, name="saved-view-count"),
    path("sync/", sync.sync, name="sync"),
    path("sync/state/", sync.live, name="sync-live"),
    path("sync/pause/", sync.pause, name="sync-pause"),
    path("sync/resume/", sync.resume, name="sync-resume"),
    path("sync/periods/<int:pk>/try/", sync.try_now, name="sync-try"),
    path("sync/unreadable/", unreadable.record_list, name="sync-unreadable"),
    path("sync/unreadable/<int:pk>/", unreadable.record_detail, name="sync-unreadable-record"),
    path("sync/unreadable/read-again/", unreadable.read_again, name="sync-read-again"),
    path("audit/", audit.audit, name="audit"),
    path("audit/<int:pk>/conversations", audit.audit_conversations, name="audit-conversations"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("me/", me.me, name="me"),
    path("me/panes/", panes.keep_pane, name="panes"),
    path("login/", access.login, name="login"),
    path("logout/", access.logout, name="logout"),
    path("admin/", admin.site.urls),
]
