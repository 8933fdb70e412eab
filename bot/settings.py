"""What an operator sets: environment variables, a `.env` file, secrets in files. Built in `main`, never at import."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError
from bot.redact import is_token
from bot.store.address import database_path, database_url

TELEGRAM = "https://api.telegram.org/bot"
"""Telegram's own Bot API server."""

_FILE_LIMIT = 65_536  # bytes; a path that points at something else by mistake must not fill the memory
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_NO_WEBHOOK = "has no effect: this version has no webhook, it asks Telegram for messages itself. Remove it."
_ONE_FOLDER = "has no effect: this version reads the knowledge base from KNOWLEDGE_DIR only. Remove it."
_NOT_SUPPORTED = {
    "WEBHOOK_URL": _NO_WEBHOOK,
    "WEBHOOK_LISTEN": _NO_WEBHOOK,
    "WEBHOOK_PORT": _NO_WEBHOOK,
    "WEBHOOK_SECRET": _NO_WEBHOOK,
    "KNOWLEDGE_REMOTE": _ONE_FOLDER,
    "KNOWLEDGE_BRANCH": _ONE_FOLDER,
    "ADMINS": "has no effect: this version knows MODERATORS only. Remove it.",
    "REVIEWERS": "has no effect: nothing is published through this version. Remove it.",
    "METRICS_PORT": "has no effect: this version has no metrics. Remove it.",
    "MESSAGES_PER_MINUTE": "has no effect: this version does not count messages. Remove it.",
}
"""Names that a person may know from elsewhere: to ignore them in silence would be worse than to stop."""


class Settings(BaseSettings):
    """The bot's settings, checked. Made by `Settings.load()`; each field is the variable's name in lower case."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True, extra="forbid", validate_default=False
    )

    telegram_bot_token: SecretStr | None = None
    """None: no Telegram."""
    telegram_api_base_url: str = TELEGRAM
    """Ends in `/bot`; the token is appended."""
    telegram_proxy: str | None = Field(default=None, repr=False)
    """`http://`, `socks4://` or `socks5://` with host and port; may hold a password."""
    knowledge_dir: Path
    data_dir: Path
    """Everything the bot writes. Both folders are absolute; neither needs to exist yet."""
    database_url: str = Field(default="", validate_default=True, repr=False)
    """`bot.db` in `data_dir` unless set."""
    moderators: tuple[int, ...] = ()
    """Telegram user ids, told when an edit of the knowledge can't be served."""
    answer_from: float | None = None
    """Confidence, 0 to 1, from which one answer is given. None: learnt from the knowledge base."""
    choices_from: float | None = None
    """Confidence, 0 to 1, from which choices are offered; at most `answer_from`. None: learnt."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @property
    def telegram_file_url(self) -> str:
        """Where files come from: the API's address with `/file/bot` for `/bot`; the token is appended."""
        return self.telegram_api_base_url.removesuffix("/bot") + "/file/bot"

    @property
    def models_dir(self) -> Path:
        """Trained models: a cache, safe to delete."""
        return self.data_dir / "models"

    @classmethod
    def names(cls) -> list[str]:
        """The environment variables that this version reads. Each may also be given as `NAME_FILE`."""
        return [name.upper() for name in cls.model_fields]

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> Self:
        """The settings of `env`; when it is None, of the process's environment over `.env` in the current folder.

        `NAME_FILE` is the path of a file that holds the value of `NAME`. Empty values count as unset.

        Raises:
            SettingsError: its text has one line for each problem. No value is quoted in it, for any may be a secret
                that was pasted into the wrong place.
        """
        given, problems = _collect(_environment() if env is None else env)
        home = _home()
        data: dict[str, Any] = {"knowledge_dir": home / "knowledge", "data_dir": home / "data"}
        data.update({name.lower(): value for name, value in given.items()})
        try:
            settings = cls(**data)
        except ValidationError as error:
            problems += [
                f"{str(e['loc'][0]).upper()} {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
            ]
        if problems:
            raise SettingsError("\n".join(problems))
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over: it has read all the places, and looked for names that aren't supported."""
        return (init_settings,)

    @field_validator("telegram_bot_token", mode="before")
    @classmethod
    def _token(cls, value: object) -> object:
        if isinstance(value, str) and not is_token(value):
            raise ValueError(
                "does not look like a bot token (digits, a colon, about 35 letters and digits). "
                "Copy the whole token from @BotFather."
            )
        return value

    @field_validator("telegram_api_base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if not _address(value, ("http", "https")) or not value.endswith("/bot") or "?" in value or "#" in value:
            raise ValueError(
                "must be an http or https address that ends in /bot, such as https://api.telegram.org/bot. "
                "Leave the token out: the bot adds it."
            )
        return value

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if not _address(value, ("http", "socks4", "socks5"), port=True):
            raise ValueError(
                "must be http://HOST:PORT, socks4://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before "
                "the host if the proxy asks for it."
            )
        return value

    @field_validator("knowledge_dir", "data_dir", mode="before")
    @classmethod
    def _folder(cls, value: object) -> Path:
        try:
            path = Path(str(value)).expanduser().absolute()
            taken = path.exists() and not path.is_dir()
        except (RuntimeError, OSError):
            raise ValueError("can't be looked up. Write the whole path of a folder that the bot may enter.") from None
        if taken:
            raise ValueError("must be a folder, and there is a file of that name.")
        return path

    @field_validator("data_dir")
    @classmethod
    def _plain(cls, value: Path) -> Path:
        if "?" in str(value):
            raise ValueError("must not hold a question mark: the database's address could not name it.")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            folder = info.data.get("data_dir")
            return database_url(folder / "bot.db") if folder is not None else ""
        try:
            database_path(value)
        except SettingsError as error:
            raise ValueError(str(error).removeprefix("DATABASE_URL ")) from None
        return value

    @field_validator("moderators", mode="before")
    @classmethod
    def _ids(cls, value: object) -> tuple[int, ...]:
        ids = [part.strip() for part in str(value).split(",") if part.strip()]
        if not all(_USER_ID.fullmatch(part) for part in ids):
            raise ValueError(
                "must be Telegram user ids with commas between them, such as 123456789, 987654321. "
                "An id is a number; names with @ can't be used."
            )
        return tuple(dict.fromkeys(map(int, ids)))

    @field_validator("answer_from", "choices_from", mode="before")
    @classmethod
    def _share(cls, value: object) -> float:
        try:
            share = float(str(value))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise ValueError("must be a number from 0 to 1, such as 0.6.")
        return share

    @field_validator("choices_from")
    @classmethod
    def _below_answer(cls, value: float, info: ValidationInfo) -> float:
        answer = info.data.get("answer_from")
        if answer is not None and value > answer:
            raise ValueError("must not be above ANSWER_FROM: choices are for what is less sure than an answer.")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: object) -> str:
        level = str(value).upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
        return level

    @field_validator("log_format", mode="before")
    @classmethod
    def _format(cls, value: object) -> str:
        chosen = str(value).lower()
        if chosen not in ("text", "json"):
            raise ValueError("must be text or json.")
        return chosen


def _address(value: str, schemes: tuple[str, ...], *, port: bool = False) -> bool:
    """Whether `value` is an address with one of `schemes`, a host, and a port where one is asked for."""
    try:
        parts = urlsplit(value)
        number = parts.port  # raises when it is no number, or too big
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and " " not in value and (not port or number is not None)


def _environment() -> dict[str, str]:
    """The process's environment over `.env` in the current folder."""
    try:
        from_file = DotEnvSettingsSource(Settings, env_file=".env", case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError):
        raise SettingsError("The file .env in this folder can't be read as UTF-8 text. Save it again.") from None
    both = [*from_file.items(), *os.environ.items()]
    return {name: value for name, value in both if value}


def _home() -> Path:
    """The folder of `run_bot.py`; the current one when the bot is installed somewhere else."""
    beside = Path(__file__).resolve().parent.parent
    if (beside / "run_bot.py").is_file():
        return beside
    try:
        return Path.cwd()
    except OSError:
        raise SettingsError(
            "The current folder does not exist any more. Go to another one and start again."
        ) from None


def _collect(env: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The values of supported names, trimmed, with files read; and a line for each name that can't be used."""
    values: dict[str, str] = {}
    problems = [
        f"{name} {_NOT_SUPPORTED[name.removesuffix('_FILE')]}"
        for known in _NOT_SUPPORTED
        for name in (known, f"{known}_FILE")
        if env.get(name, "").strip()
    ]
    for name in Settings.names():
        value, file = env.get(name, "").strip(), env.get(f"{name}_FILE", "").strip()
        if value and file:
            problems.append(f"{name} and {name}_FILE are both set. Keep one of them.")
            continue
        try:
            value = _read(_clean(file)) if file else value
        except ValueError as error:
            problems.append(f"{name}_FILE {error}")
            continue
        try:
            if value:
                values[name] = _clean(value)
        except ValueError as error:
            problems.append(f"{name} {error}")
    return values, problems


def _read(file: str) -> str:
    """The trimmed text of a small file. Raises ValueError with the end of a sentence."""
    try:
        path = Path(file)
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError("must be the path of a file that holds the value.")
        with path.open("rb") as opened:
            text = opened.read(_FILE_LIMIT).decode("utf-8").strip()
    except UnicodeError:
        raise ValueError("names a file that is not UTF-8 text.") from None
    except FileNotFoundError:
        raise ValueError("names a file that does not exist.") from None
    except OSError:
        raise ValueError("names a file that can't be read. Check its permissions.") from None
    if not text:
        raise ValueError("names an empty file.")
    return text


def _clean(value: str) -> str:
    """`value`, unless it holds control characters or the bytes of another encoding (which Python keeps as lone
    surrogates). Raises ValueError with the end of a sentence."""
    try:
        value.encode()
    except UnicodeEncodeError:
        found = True
    else:
        found = _CONTROL.search(value) is not None
    if found:
        raise ValueError("holds characters that can't be typed. Write it again by hand.")
    return value
