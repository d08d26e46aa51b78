"""What to tell of an error: a message in the language of the page, and the error's own text if it is for people."""

from __future__ import annotations

import logging

from assistant.errors import (
    ConversationError,
    IndexBusyError,
    IndexDamagedError,
    LibraryIndexError,
    NotIndexedError,
    QuestionError,
    QuestionLengthError,
    SettingsError,
    UnknownConversationError,
    YoujuError,
)
from embeddings.embedder import EmbedderError
from ui.messages import Words

logger = logging.getLogger(__name__)


def told(error: Exception, words: Words) -> tuple[str, str]:
    """A lead and a detail, which may be empty. What is unexpected is logged, and not shown."""
    detail = str(error)
    match error:
        case QuestionLengthError(longest=longest):
            message = words.question_length_error.format(n=longest)
        case QuestionError():
            message = words.question_error
        case NotIndexedError():
            message, detail = words.not_indexed_error, ""
        case IndexBusyError():
            message = words.busy_error
        case IndexDamagedError():
            message = words.damaged_error
        case LibraryIndexError():
            message = words.index_error
        case EmbedderError():
            message = words.model_error
        case UnknownConversationError():
            message, detail = words.gone_conversation, ""
        case ConversationError():
            message = words.conversation_error
        case SettingsError(__cause__=cause):
            message = words.disk_error if isinstance(cause, OSError) else words.settings_error
        case YoujuError():
            message = words.library_error
        case _:
            logger.error("unexpected error", exc_info=error)
            message, detail = words.unexpected_error, ""
    # English is what errors say themselves; that of a damaged index does not know of the page's button.
    own = words.language == "en" and detail and not isinstance(error, IndexDamagedError)
    return (detail, "") if own else (message, detail)
