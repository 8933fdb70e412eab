"""The address of the database: which ones this version takes. Strings only, so that settings can be checked early."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SettingsError

_SQLITE = "sqlite+aiosqlite:///"


def database_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"{_SQLITE}{path}"


def database_path(url: str) -> Path:
    """The absolute path of the SQLite file that `url` names (`sqlite+aiosqlite:///` and a path).

    Raises:
        SettingsError: any other address; it is not quoted, for it may hold a password.
    """
    path = url.removeprefix(_SQLITE)
    if path == url:
        raise SettingsError(
            "DATABASE_URL must be sqlite+aiosqlite:///PATH; this version keeps its data in SQLite only."
        )
    if path in ("", ":memory:") or path.startswith("file:"):
        raise SettingsError("DATABASE_URL must name a file after sqlite+aiosqlite:///, such as /var/lib/bot/bot.db.")
    if "?" in path:
        raise SettingsError("DATABASE_URL takes no options: end it before the question mark.")
    return Path(path).absolute()
