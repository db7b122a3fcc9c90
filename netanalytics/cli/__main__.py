"""Run the command line: ``python -m netanalytics.cli``."""

from netanalytics.cli import main

main()
