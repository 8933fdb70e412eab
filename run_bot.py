#!/usr/bin/env python3
"""Runs the bot. `python run_bot.py --help` tells what it can do."""

from bot.cli import main

if __name__ == "__main__":
    main()
