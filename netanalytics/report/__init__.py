"""Reports: a tree of values made of sections, rendered to HTML, Markdown and files."""
