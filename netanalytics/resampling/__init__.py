"""Contacts drawn again and again, measures of all draws at once, and the bands these give."""
