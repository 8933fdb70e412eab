"""Every error the bot raises on purpose.

    BotError                      the text of each is one line for the person who runs the bot
    ├── SettingsError             called wrongly or badly configured (exit code 2)
    ├── KnowledgeError            the knowledge base can't be served; carries all its problems
    ├── ModelFileError            a cached model is missing, broken or foreign; the cure is a rebuild
    ├── TrainingError             the training child failed
    ├── QuestionsError            a questions file for `evaluate` can't be read
    └── StoreError                the database can't be opened, read or written

Errors of libraries are turned into one of these at the edge where they are understood.
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """Base of all. `str(error)` is one line that says what is wrong and what to do."""


class SettingsError(BotError):
    """A setting is missing, unknown or wrong."""


class KnowledgeError(BotError):
    """The knowledge base has errors. `problems` holds every one, as `path:line: field: message`."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ModelFileError(BotError):
    """A model file can't be used. Nothing of it was executed; train it again."""


class TrainingError(BotError):
    """The child process that trains models ended badly."""


class QuestionsError(BotError):
    """A file of test questions is malformed."""


class StoreError(BotError):
    """The database can't be used: broken, locked, read-only, full, of a newer version, or not ours."""
