"""Every address of Readback (design.md, Addresses)."""

from django.contrib import admin
from django.urls import path

from dashboard.views import access, conversations, me

handler403 = "dashboard.views.errors.forbidden"
handler404 = "dashboard.views.errors.not_found"
handler500 = "dashboard.views.errors.server_error"

urlpatterns = [
    path("conversations/", conversations.conversation_list, name="conversation-list"),
    path("me/", me.me, name="me"),
    path("login/", access.login, name="login"),
    path("logout/", access.logout, name="logout"),
    path("admin/", admin.site.urls),
]
