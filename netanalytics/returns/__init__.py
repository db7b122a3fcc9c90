"""Whether two people will be in contact again: what was known at a moment, and models of it."""
