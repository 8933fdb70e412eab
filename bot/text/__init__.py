"""Text as people type it: normalising, tokens, stems, scripts, and the language of a message. Pure."""
