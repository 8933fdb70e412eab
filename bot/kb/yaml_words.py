"""What libyaml means, in words for people who edit the knowledge base and never heard of scanners."""

from __future__ import annotations


def explain(context: str, problem: str, line: str, start: int | None) -> str:
    """What is wrong and what to do.

    `line` is the text of the line where reading stopped, `start` the line where what was being read began, if another.
    """
    since = f" (it begins on line {start})" if start else ""
    stripped = line.strip()
    if "\t" in line[: len(line) - len(line.lstrip())] or "found a tab character" in problem:
        return "a tab is used for indentation; use spaces"
    for part, words in _WORDS:
        if part in (problem, context):
            return words.format(since=since)
    if "cannot start any token" in problem:
        return "a text can't begin with @, `, % or a tab; put it in quotes"
    if context == "while scanning an alias":
        return "a text that begins with * is read as a YAML alias; put the whole text in quotes"
    if context == "while scanning an anchor":
        return "a text that begins with & is read as a YAML anchor; put the whole text in quotes"
    if problem == "did not find expected key" and stripped.startswith("- "):
        return f"a list item stands where a key is expected{since}; check how far this line is indented"
    if problem == "did not find expected key":
        return (
            f"a key is expected here{since}; check the indentation, and that text with quotes inside or after it "
            "stands in quotes as a whole"
        )
    return f"this can't be read as YAML ({problem or context}){since}; check the indentation and the quotes"


_WORDS = (
    (
        "mapping values are not allowed in this context",
        "a colon with a space after it can't stand inside a text without quotes; put the whole text in quotes, or "
        "check the indentation",
    ),
    ("found unexpected end of stream", "a quote is opened and never closed{since}"),
    ("did not find expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing{since}"),
    ("did not find expected ',' or '}'", "a group in {{ }} is not closed, or a comma is missing{since}"),
    (
        "did not find expected '-' indicator",
        "a list item must begin with '- ' at the same depth as the others{since}",
    ),
    (
        "block sequence entries are not allowed in this context",
        "a list begins on the line below its key, not beside it",
    ),
    ("did not find expected comment or line break", "after | or > the text begins on the next line"),
    ("found unknown escape character", 'a \\ in "double quotes" has a meaning of its own; use single quotes'),
    ("found invalid Unicode character escape code", 'a \\u or \\U in "double quotes" is not a character'),
    ("did not find expected <document start>", "there is something after the end of the data; check the brackets"),
    ("could not find expected ':'", "a key without a colon{since}; write 'key: value'"),
    ("while scanning a directive", "lines that begin with % are not used; delete them"),
)
