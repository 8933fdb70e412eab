"""The verbs of `python run_bot.py`. A verb imports what it needs when it is called, and not before."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Coroutine
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from bot.errors import BotError, KnowledgeError, SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.answering.assistant import Assistant
    from bot.answering.message import Conversation, Message
    from bot.settings import Settings

T = TypeVar("T")

FINE, NOT_FINE, CALLED_WRONGLY = 0, 1, 2
WITHOUT_TELEGRAM = (
    "There is no TELEGRAM_BOT_TOKEN, so this is the bot in your terminal (/quit leaves).\n"
    "For Telegram: write /newbot to @BotFather there, then run: TELEGRAM_BOT_TOKEN=... python run_bot.py"
)

app = typer.Typer(
    name="run_bot.py",
    help="Answers migrants' questions from a knowledge base. Without a verb it runs: on Telegram when "
    "TELEGRAM_BOT_TOKEN is set, otherwise in the terminal.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

KnowledgeOption = Annotated[
    Path | None, typer.Option("--knowledge", help="Folder of the knowledge base (default: KNOWLEDGE_DIR).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
LangOption = Annotated[str | None, typer.Option("--lang", metavar="XX", help="The language that the person chose.")]


def main() -> None:
    """Runs a verb. Errors are a line on stderr that says what to do; exit codes are 0, 1 and 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows a question mark instead
    try:
        code = app(standalone_mode=False)
    except SettingsError as error:
        _stop(error, CALLED_WRONGLY)
    except KnowledgeError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        _stop(error, NOT_FINE)
    except BotError as error:
        _stop(error, NOT_FINE)
    except BrokenPipeError:
        _quiet_stdout()
    except Exception as error:
        told = getattr(error, "format_message", None)  # typer's own errors of a wrong call say it this way
        if told is None:
            raise
        words = str(told())
        _stop(f"{words}{'' if words.endswith(('.', '?')) else '.'} See: run_bot.py --help", CALLED_WRONGLY)
    else:
        raise SystemExit(code)


@app.callback(invoke_without_command=True)
def run(context: typer.Context) -> None:
    """Runs the bot."""
    if context.invoked_subcommand is not None:
        return
    settings = _settings()
    if settings.telegram_bot_token is not None:
        _serve(settings)
    else:
        print(WITHOUT_TELEGRAM, flush=True)
        _chat(settings, None)


@app.command()
def serve() -> None:
    """Runs the Telegram bot by long polling until it is stopped (Ctrl-C or SIGTERM)."""
    settings = _settings()
    if settings.telegram_bot_token is None:
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather in Telegram and put it there."
        )
    _serve(settings)


@app.command()
def chat(lang: LangOption = None) -> None:
    """Talks to you in the terminal, choices as numbered options."""
    _chat(_settings(), lang)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why this was the answer.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines from stdin, write one reply a line, in order.")
    ] = False,
) -> None:
    """Asks one question and prints the answer; or answers JSON lines."""
    if (text is None) != jsonl:
        raise SettingsError('Give one question, as in: ask "my boss keeps my passport"; or --jsonl for many.')
    settings = _settings()
    assistant = _run(_assistant(settings))
    _known(lang, assistant)
    if jsonl:
        _answer_lines(assistant, lang)
        return
    from bot.channels.as_json import reply_as_json
    from bot.channels.terminal import explained, show

    message, conversation = _question(text or "", lang)
    begun = time.perf_counter()
    reply = assistant.reply(message, conversation)
    milliseconds = (time.perf_counter() - begun) * 1000
    if as_json:
        print(json.dumps(reply_as_json(reply, milliseconds, explain=explain), ensure_ascii=False))
        return
    console = _console()
    show(reply, console)
    if explain:
        console.print(explained(reply), highlight=False, markup=False, soft_wrap=True)


@app.command()
def check(knowledge: KnowledgeOption = None, as_json: JsonOption = False) -> None:
    """Shows every problem of the knowledge base; exit code 0 when it may be served."""
    from bot.app import read_knowledge
    from bot.kb.report import print_report, report_json

    loaded = read_knowledge(_folder(knowledge))
    if as_json:
        print(json.dumps(report_json(loaded), ensure_ascii=False))
    else:
        print_report(loaded, _console())
    if loaded.errors:
        raise typer.Exit(NOT_FINE)


@app.command()
def evaluate(
    knowledge: KnowledgeOption = None,
    questions: Annotated[
        list[Path] | None,
        typer.Option("--questions", help="Questions to ask instead of the knowledge base's own; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Asks questions whose right answer is known, and shows how often it came.

    Exit code 1 when a known question gets a wrong answer or a false or missed alarm, and isn't listed as a known failure.
    """
    from bot.evaluation import report
    from bot.evaluation.asking import ask_all
    from bot.kb.questions import load_questions

    checks = [one for path in questions or () for one in load_questions(path)]
    assistant = _run(_assistant(_settings(), _folder(knowledge)))
    figures = report.as_json(ask_all(assistant, checks if questions else assistant.knowledge.checks))
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        report.show(figures, _console())
    if figures["overmatches"] or figures["mended"]:
        raise typer.Exit(NOT_FINE)


@app.command()
def bench(
    knowledge: KnowledgeOption = None,
    as_json: JsonOption = False,
    sizes: Annotated[
        str, typer.Option("--sizes", help="Numbers of phrasings of the synthetic knowledge bases, comma separated.")
    ] = "1000,15000,100000",
) -> None:
    """Measures build time, memory, and how long a match and a whole reply take, also while a rebuild runs."""
    from bot import bench as measure

    wanted = [int(size) for size in sizes.split(",") if size.strip().isdigit() and int(size) >= measure.AN_ENTRY]
    if len(wanted) != len([size for size in sizes.split(",") if size.strip()]):
        raise SettingsError(f"--sizes takes whole numbers from {measure.AN_ENTRY}, such as 1000,15000")
    rows = measure.run(_folder(knowledge), wanted, say=lambda line: print(line, file=sys.stderr, flush=True))
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        measure.show(rows, _console())


@app.command()
def doctor() -> None:
    """Checks token, bot, webhook, database, knowledge, clock and disk, each with its mend."""
    from bot import doctor as checks
    from bot.app import read_knowledge, servable

    settings = _settings()

    def described() -> str:
        knowledge = servable(read_knowledge(settings.knowledge_dir), settings.knowledge_dir)
        return f"{len(knowledge.entries)} entries in {len(knowledge.languages)} languages"

    async def examine() -> list[checks.Finding]:
        return [finding async for finding in checks.examine(settings, described)]

    findings = _run(examine())
    checks.table(findings, _console())
    if any(finding.outcome == "bad" for finding in findings):
        raise typer.Exit(NOT_FINE)


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write one file a kind into (default: print all).")
    ] = None,
) -> None:
    """Writes JSON Schema of the knowledge base's files, for editors that complete and check while typing."""
    from bot.kb.json_schema import json_schemas, write_schemas

    if out is None:
        print(json.dumps(json_schemas(), ensure_ascii=False, indent=2))
        return
    for path in write_schemas(out):
        print(path)


def _serve(settings: Settings) -> None:
    from bot import log
    from bot.serving import serve_telegram

    log.configure(settings.log_level, settings.log_format)
    _run(serve_telegram(settings))


def _chat(settings: Settings, lang: str | None) -> None:
    from bot.channels.terminal import chat as talk

    assistant = _run(_assistant(settings))
    _known(lang, assistant)
    console = _console()
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # bytes that are no text must not end the talk

    def read() -> str | None:
        try:
            return input("> ")
        except (EOFError, KeyboardInterrupt):
            return None

    talk(assistant, console, read, lang)


def _answer_lines(assistant: Assistant, lang: str | None) -> None:
    from bot.channels.jsonl import answer_lines

    for line in answer_lines(sys.stdin.buffer, assistant, lang):
        sys.stdout.buffer.write(line.encode() + b"\n")  # JSON is UTF-8, whatever the terminal is
        sys.stdout.buffer.flush()


def _question(text: str, lang: str | None) -> tuple[Message, Conversation]:
    from bot.answering.message import Conversation, Message

    return Message(text), Conversation(lang=lang)


def _known(lang: str | None, assistant: Assistant) -> None:
    languages = assistant.knowledge.languages
    if lang is not None and lang not in languages:
        raise SettingsError(f"--lang {lang}: unknown language; the knowledge base has {', '.join(languages)}")


async def _assistant(settings: Settings, folder: Path | None = None) -> Assistant:
    from bot.answering.decide import Override
    from bot.app import is_trained, make_assistant, read_knowledge, servable

    root = folder or settings.knowledge_dir
    knowledge = servable(read_knowledge(root), root)
    if not is_trained(knowledge, settings.models_dir):
        print(
            "Learning the knowledge base; this takes some seconds, once after each change.",
            file=sys.stderr,
            flush=True,
        )
    return await make_assistant(knowledge, settings.models_dir, Override(settings.answer_from, settings.choices_from))


def _folder(given: Path | None) -> Path:
    folder = given or _settings().knowledge_dir
    if not folder.is_dir():
        raise SettingsError(f"{folder}: there is no such folder. Give the folder of a knowledge base.")
    return folder


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings.load()


def _console() -> Console:
    from rich.console import Console

    return Console()


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _stop(error: object, code: int) -> NoReturn:
    print(error, file=sys.stderr)
    raise SystemExit(code)


def _quiet_stdout() -> None:
    """The reader of our output went away, as `head` does: no traceback at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
