"""Measuring: how well the bot answers questions whose right answer is known, and how fast."""
