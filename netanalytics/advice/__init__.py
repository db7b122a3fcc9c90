"""Suggestions: tables of what a person could do, each row with its evidence."""
