"""Files: exactly the list, as CSV; no request, nothing written."""

from .conversations import conversation_columns, conversation_pages
from .directory import Directory
from .lines import Clock, Column, csv_stream
from .messages import message_columns, message_pages
from .naming import Said, file_name
from .trend import trend_columns

__all__ = [
    "Clock",
    "Column",
    "Directory",
    "Said",
    "conversation_columns",
    "conversation_pages",
    "csv_stream",
    "file_name",
    "message_columns",
    "message_pages",
    "trend_columns",
]
