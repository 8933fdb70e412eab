"""The ways in and out: Telegram, the terminal, JSON lines. They decide nothing."""
