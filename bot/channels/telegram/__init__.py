"""Telegram: an update becomes a message, a `Reply` becomes text and buttons."""
