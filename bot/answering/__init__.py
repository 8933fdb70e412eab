"""The decision: answer, offer choices, say "I don't know", help first in danger; and what the reply says. Pure."""
