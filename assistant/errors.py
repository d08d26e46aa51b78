"""What can go wrong, as one tree. Every message says what happened, to which file, and what to do.

YoujuError
├── LibraryError      the folder of texts is missing, empty or unreadable
├── ReadError         one file cannot be read; an update records it and goes on
│   └── ReadTimeoutError  it takes longer than the limit
├── QuestionError     a question that cannot be searched for
│   └── QuestionLengthError  it is too long
├── SettingsError     a setting, flag or questions file that does not make sense
├── ConversationError a conversation cannot be kept, found or read; asking goes on without
│   └── UnknownConversationError  there is none of that name (any more)
└── LibraryIndexError
    ├── NotIndexedError   no index yet
    ├── IndexBusyError    another process is updating this index
    ├── UpdateStoppedError an update was stopped on request
    ├── IndexVersionError made by a newer version
    └── IndexDamagedError the database cannot be read

Errors of the embedding model are `embeddings.embedder.EmbedderError`.
"""


class YoujuError(Exception):
    """Anything a user can do something about; front ends show its message and no traceback."""


class LibraryError(YoujuError):
    """The folder of texts is missing, empty or unreadable."""


class ReadError(YoujuError):
    """One file cannot be read."""


class ReadTimeoutError(ReadError):
    """One file takes longer to read than the limit: it is not tried again before it or the limits change."""


class QuestionError(YoujuError):
    """A question that cannot be searched for: empty, too long, or without a word."""


class QuestionLengthError(QuestionError):
    """A question with more characters than `longest`."""

    def __init__(self, message: str, longest: int) -> None:
        super().__init__(message)
        self.longest = longest


class SettingsError(YoujuError):
    """A setting, flag or questions file that does not make sense."""


class ConversationError(YoujuError):
    """A conversation cannot be kept, found or read; asking goes on without."""


class UnknownConversationError(ConversationError):
    """There is no such conversation or turn (any more)."""


class LibraryIndexError(YoujuError):
    """Something is wrong with an index."""


class NotIndexedError(LibraryIndexError):
    """There is no index yet."""


class IndexBusyError(LibraryIndexError):
    """Another process is updating this index."""


class UpdateStoppedError(LibraryIndexError):
    """An update was stopped on request; what it embedded is kept."""


class IndexVersionError(LibraryIndexError):
    """The index was made by a newer version of Youju."""


class IndexDamagedError(LibraryIndexError):
    """The database of an index cannot be read."""
