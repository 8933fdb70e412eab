"""Logging: structlog over the standard library, to stderr, with nothing in it that looks like a bot token."""

from __future__ import annotations

import logging
import os
import sys
import threading
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import Processor

from bot.redact import redact

QUIET = ("httpx", "httpcore", "aiohttp.access", "aiosqlite", "alembic", "sqlalchemy", "telegram")
"""Libraries that write addresses (with the token), parameters or messages into records below WARNING."""


def configure(level: str = "INFO", form: Literal["text", "json"] = "text", stream: TextIO | None = None) -> None:
    """Sends every record of the process to stderr (or `stream`), one line each; a traceback follows its line in `text`.

    `level` is a standard level's name. It holds for the bot's own loggers; those of libraries stay at WARNING or above.
    Everything is redacted once it is text, so no library, argument or exception can bring a token past it.
    """
    out = sys.stderr if stream is None else stream
    handler = _Handler(out)
    handler.setFormatter(_Formatter(processors=_render(form, out), foreign_pre_chain=_annotate()))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, _Handler):
            root.removeHandler(old)
    root.addHandler(handler)
    own = logging.getLevelNamesMapping()[level]
    root.setLevel(max(own, logging.WARNING))
    logging.getLogger("bot").setLevel(own)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_annotate(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _annotate() -> list[Processor]:
    """What each record gets, ours or a library's."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _render(form: Literal["text", "json"], out: TextIO) -> list[Processor]:
    """How a record becomes text."""
    if form == "json":
        return [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.dev.ConsoleRenderer(
            colors=out.isatty() and "NO_COLOR" not in os.environ,
            # The prettier formatters show local variables, and so people's messages, and wrap lines, and so would cut
            # a token into pieces that nothing recognises.
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """The standard one prints the record's raw arguments, which nothing has redacted."""
        try:
            self.stream.write(
                f"A record of {record.name} ({record.filename}:{record.lineno}) could not be written.\n"
            )
        except (OSError, ValueError):
            return  # stderr is gone: there is nobody left to tell


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python's own hook would print the traceback past the formatter."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("stopped by an unexpected error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
