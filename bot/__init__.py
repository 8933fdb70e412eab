"""A Telegram bot that answers migrants' questions from a tested, plain-language knowledge base."""

__version__ = "0.1.0"
