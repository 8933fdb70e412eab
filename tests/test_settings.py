"""Settings: what is taken, and the one line for each thing that isn't."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.settings
from bot.errors import SettingsError
from bot.settings import Settings

TOKEN = "123456789:AAF-fictional_token_for_tests_00000"


def refusal(env: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(env)
    return str(caught.value)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and none of our names in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.names():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return tmp_path


def test_nothing_set_gives_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bot.settings, "_home", lambda: tmp_path)
    settings = Settings.load({})
    assert settings.telegram_bot_token is None
    assert settings.telegram_api_base_url == "https://api.telegram.org/bot"
    assert settings.telegram_file_url == "https://api.telegram.org/file/bot"
    assert settings.telegram_proxy is None
    assert settings.knowledge_dir == tmp_path / "knowledge"
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/bot.db"
    assert settings.moderators == ()
    assert settings.answer_from is None
    assert settings.choices_from is None
    assert (settings.log_level, settings.log_format) == ("INFO", "text")


def test_folders_stand_beside_run_bot_py_or_in_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "src" / "bot").mkdir(parents=True)
    monkeypatch.setattr(bot.settings, "__file__", str(tmp_path / "src" / "bot" / "settings.py"))
    monkeypatch.chdir(tmp_path)
    assert Settings.load({}).data_dir == tmp_path / "data"
    (tmp_path / "src" / "run_bot.py").touch()
    assert Settings.load({}).data_dir == tmp_path / "src" / "data"
    assert Settings.load({}).knowledge_dir == tmp_path / "src" / "knowledge"


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = Settings.load(
        {
            "TELEGRAM_BOT_TOKEN": f"  {TOKEN}\n",
            "TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081/bot",
            "TELEGRAM_PROXY": "socks5://anna:secret@127.0.0.1:1080",
            "KNOWLEDGE_DIR": str(tmp_path / "k"),
            "DATA_DIR": str(tmp_path / "d"),
            "DATABASE_URL": "sqlite+aiosqlite:////var/lib/bot.db",
            "MODERATORS": "123456789, 987654321,123456789,",
            "ANSWER_FROM": "0.8",
            "CHOICES_FROM": "0.8",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
        }
    )
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.telegram_file_url == "http://127.0.0.1:8081/file/bot"
    assert settings.telegram_proxy == "socks5://anna:secret@127.0.0.1:1080"
    assert (settings.knowledge_dir, settings.data_dir) == (tmp_path / "k", tmp_path / "d")
    assert settings.database_url == "sqlite+aiosqlite:////var/lib/bot.db"
    assert settings.moderators == (123456789, 987654321)
    assert (settings.answer_from, settings.choices_from) == (0.8, 0.8)
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")
    assert TOKEN not in repr(settings)
    assert "secret@" not in repr(settings)


def test_the_database_follows_data_dir(tmp_path: Path) -> None:
    settings = Settings.load({"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/bot.db"


def test_a_folder_may_be_short_or_begin_with_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings = Settings.load({"DATA_DIR": "data here", "KNOWLEDGE_DIR": "~/knowledge"})
    assert settings.data_dir == tmp_path / "data here"
    assert settings.knowledge_dir == tmp_path / "home" / "knowledge"


def test_empty_values_count_as_unset() -> None:
    empty = dict.fromkeys([*Settings.names(), "WEBHOOK_URL", "TELEGRAM_BOT_TOKEN_FILE"], "  ")
    assert Settings.load(empty) == Settings.load({})


BASE_URL = (
    "TELEGRAM_API_BASE_URL must be an http or https address that ends in /bot, such as https://api.telegram.org/bot. "
    "Leave the token out: the bot adds it."
)
PROXY = (
    "TELEGRAM_PROXY must be http://HOST:PORT, socks4://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the "
    "host if the proxy asks for it."
)
IDS = (
    "MODERATORS must be Telegram user ids with commas between them, such as 123456789, 987654321. An id is a number; "
    "names with @ can't be used."
)
BAD_TOKEN = (
    "TELEGRAM_BOT_TOKEN does not look like a bot token (digits, a colon, about 35 letters and digits). Copy the whole "
    "token from @BotFather."
)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello", BAD_TOKEN),
        ("TELEGRAM_BOT_TOKEN", TOKEN[:-20], BAD_TOKEN),
        ("TELEGRAM_BOT_TOKEN", f"bot{TOKEN}", BAD_TOKEN),
        ("TELEGRAM_BOT_TOKEN", TOKEN.replace(":", "%3A"), BAD_TOKEN),
        ("TELEGRAM_API_BASE_URL", "api.telegram.org/bot", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https://api.telegram.org", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https://api.telegram.org/bot/", BASE_URL),
        ("TELEGRAM_API_BASE_URL", f"https://api.telegram.org/bot{TOKEN}", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "ftp://api.telegram.org/bot", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https:///bot", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https://[::1/bot", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https://host:99999/bot", BASE_URL),
        ("TELEGRAM_API_BASE_URL", "https://host/?x=/bot", BASE_URL),
        ("TELEGRAM_PROXY", "127.0.0.1:1080", PROXY),
        ("TELEGRAM_PROXY", "socks5://127.0.0.1", PROXY),
        ("TELEGRAM_PROXY", "ftp://127.0.0.1:1080", PROXY),
        ("MODERATORS", "@anna", IDS),
        ("MODERATORS", "123 456", IDS),
        ("MODERATORS", "-100123", IDS),
        ("MODERATORS", "١٢٣", IDS),
        ("ANSWER_FROM", "sure", "ANSWER_FROM must be a number from 0 to 1, such as 0.6."),
        ("ANSWER_FROM", "0,6", "ANSWER_FROM must be a number from 0 to 1, such as 0.6."),
        ("ANSWER_FROM", "60", "ANSWER_FROM must be a number from 0 to 1, such as 0.6."),
        ("CHOICES_FROM", "nan", "CHOICES_FROM must be a number from 0 to 1, such as 0.6."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be text or json."),
        ("DATA_DIR", __file__, "DATA_DIR must be a folder, and there is a file of that name."),
        (
            "DATA_DIR",
            "~nobody-of-that-name/x",
            "DATA_DIR can't be looked up. Write the whole path of a folder that the bot may enter.",
        ),
        (
            "KNOWLEDGE_DIR",
            "x" * 5000,
            "KNOWLEDGE_DIR can't be looked up. Write the whole path of a folder that the bot may enter.",
        ),
        ("DATA_DIR", "/why?", "DATA_DIR must not hold a question mark: the database's address could not name it."),
        (
            "DATABASE_URL",
            "postgresql+asyncpg://bot:secret@db/bot",
            "DATABASE_URL must be sqlite+aiosqlite:///PATH; this version keeps its data in SQLite only.",
        ),
        (
            "DATABASE_URL",
            "sqlite+aiosqlite:///x?y",
            "DATABASE_URL takes no options: end it before the question mark.",
        ),
        ("LOG_LEVEL", "IN\0FO", "LOG_LEVEL holds characters that can't be typed. Write it again by hand."),
        ("DATA_DIR", "\udcff", "DATA_DIR holds characters that can't be typed. Write it again by hand."),
        (
            "DATA_DIR_FILE",
            "a\0b",
            "DATA_DIR_FILE holds characters that can't be typed. Write it again by hand.",
        ),
    ],
)
def test_a_wrong_value_is_one_clear_line_that_does_not_quote_it(name: str, value: str, told: str) -> None:
    assert refusal({name: value}) == told


def test_choices_must_not_be_offered_above_the_answers() -> None:
    assert refusal({"ANSWER_FROM": "0.5", "CHOICES_FROM": "0.6"}) == (
        "CHOICES_FROM must not be above ANSWER_FROM: choices are for what is less sure than an answer."
    )


WEBHOOK = "has no effect: this version has no webhook, it asks Telegram for messages itself. Remove it."
FOLDER = "has no effect: this version reads the knowledge base from KNOWLEDGE_DIR only. Remove it."


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("WEBHOOK_URL", WEBHOOK),
        ("WEBHOOK_LISTEN", WEBHOOK),
        ("WEBHOOK_PORT", WEBHOOK),
        ("WEBHOOK_SECRET", WEBHOOK),
        ("WEBHOOK_SECRET_FILE", WEBHOOK),
        ("KNOWLEDGE_REMOTE", FOLDER),
        ("KNOWLEDGE_BRANCH", FOLDER),
        ("ADMINS", "has no effect: this version knows MODERATORS only. Remove it."),
        ("REVIEWERS", "has no effect: nothing is published through this version. Remove it."),
        ("METRICS_PORT", "has no effect: this version has no metrics. Remove it."),
        ("MESSAGES_PER_MINUTE", "has no effect: this version does not count messages. Remove it."),
    ],
)
def test_a_name_that_is_not_supported_is_refused_and_not_ignored(name: str, told: str) -> None:
    assert refusal({name: "1"}) == f"{name} {told}"


def test_all_problems_are_told_at_once_one_a_line() -> None:
    told = refusal({"LOG_FORMAT": "xml", "METRICS_PORT": "9", "TELEGRAM_BOT_TOKEN": "x", "ANSWER_FROM": "2"})
    assert [line.split()[0] for line in told.splitlines()] == [
        "METRICS_PORT",
        "TELEGRAM_BOT_TOKEN",
        "ANSWER_FROM",
        "LOG_FORMAT",
    ]


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    settings = Settings.load({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN


def test_any_other_name_can_be_read_from_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("11, 12", encoding="utf-8")
    assert Settings.load({"MODERATORS_FILE": str(tmp_path / "ids")}).moderators == (11, 12)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "TELEGRAM_BOT_TOKEN_FILE names a file that does not exist."),
        (b"", "TELEGRAM_BOT_TOKEN_FILE names an empty file."),
        (b" \n\n", "TELEGRAM_BOT_TOKEN_FILE names an empty file."),
        (b"\xff\xfe\x00", "TELEGRAM_BOT_TOKEN_FILE names a file that is not UTF-8 text."),
        (
            b"my token is\n" + TOKEN.encode(),
            "TELEGRAM_BOT_TOKEN holds characters that can't be typed. Write it again by hand.",
        ),
        (b"x" * 1_000_000, BAD_TOKEN),
    ],
)
def test_a_secret_file_that_is_no_good(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    assert refusal({"TELEGRAM_BOT_TOKEN_FILE": str(file)}) == told


def test_a_folder_instead_of_a_secret_file(tmp_path: Path) -> None:
    assert refusal({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path)}) == (
        "TELEGRAM_BOT_TOKEN_FILE must be the path of a file that holds the value."
    )
    assert refusal({"TELEGRAM_BOT_TOKEN_FILE": "x" * 5000}) == (
        "TELEGRAM_BOT_TOKEN_FILE names a file that can't be read. Check its permissions."
    )


def test_a_value_and_a_file_for_it_are_one_too_many(tmp_path: Path) -> None:
    assert refusal({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path)}) == (
        "TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both set. Keep one of them."
    )


def test_a_dotenv_file_in_the_current_folder_is_read(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"# the bot\nexport TELEGRAM_BOT_TOKEN='{TOKEN}'\nLOG_LEVEL=ERROR\nMODERATORS=7\nEMPTY\n"
    (alone / ".env").write_text(text, encoding="utf-8")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("MODERATORS", "")
    settings = Settings.load()
    assert settings.telegram_bot_token is not None
    assert settings.log_level == "WARNING", "the environment wins"
    assert settings.moderators == (7,), "but an empty value is no value"


def test_a_name_that_is_not_supported_is_found_in_the_dotenv_file_too(alone: Path) -> None:
    (alone / ".env").write_text("METRICS_PORT=9100\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="METRICS_PORT has no effect"):
        Settings.load()


def test_given_values_are_all_there_is(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / ".env").write_text("LOG_LEVEL=ERROR\n", encoding="utf-8")
    monkeypatch.setenv("LOG_FORMAT", "json")
    assert Settings.load({}).log_level == "INFO"
    assert Settings.load({}).log_format == "text"
    assert (Settings.load().log_level, Settings.load().log_format) == ("ERROR", "json")


def test_a_dotenv_file_in_another_encoding_is_one_line(alone: Path) -> None:
    (alone / ".env").write_bytes("LOG_LEVEL=é".encode("utf-16"))
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value) == "The file .env in this folder can't be read as UTF-8 text. Save it again."


def test_the_current_folder_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.setattr(bot.settings, "__file__", str(tmp_path / "elsewhere" / "bot" / "settings.py"))
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert refusal({}) == "The current folder does not exist any more. Go to another one and start again."


def test_names_are_listed_for_the_readme() -> None:
    assert Settings.names() == [
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_API_BASE_URL",
        "TELEGRAM_PROXY",
        "KNOWLEDGE_DIR",
        "DATA_DIR",
        "DATABASE_URL",
        "MODERATORS",
        "ANSWER_FROM",
        "CHOICES_FROM",
        "LOG_LEVEL",
        "LOG_FORMAT",
    ]


ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "http://[",
        "~",
        "~/x",
        "1e400",
        "inf",
        "-0",
        "0.5",
        "sqlite+aiosqlite:///",
        "socks5://a:b@c:d",
        "a\u2028b",
        "\ud800",
    ]
)


@given(
    st.dictionaries(st.sampled_from([*Settings.names(), *(f"{name}_FILE" for name in Settings.names())]), ANY_TEXT)
)
def test_no_text_makes_more_than_a_settings_error(env: dict[str, str]) -> None:
    try:
        settings = Settings.load(env)
    except SettingsError as error:
        lines = str(error).split("\n")
        assert all(line.split()[0].removesuffix("_FILE") in Settings.names() for line in lines)
        assert len(lines) <= 2 * len(env)
    else:
        assert settings.data_dir.is_absolute()
        assert 0 <= (settings.choices_from or 0) <= 1


@given(st.sampled_from(Settings.names()), st.text("#&<>|^¡", min_size=4))
def test_no_value_is_quoted_in_an_error(name: str, value: str) -> None:
    told = ""
    try:
        Settings.load({name: value})
    except SettingsError as error:
        told = str(error)
    assert value not in told
