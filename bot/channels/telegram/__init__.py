"""The bot on Telegram: private chats, long polling."""

import os

# The library's own switch: how long to wait after "too many requests" comes as a timedelta. Without it every such
# answer raises a deprecation warning inside the library.
os.environ.setdefault("PTB_TIMEDELTA", "true")
