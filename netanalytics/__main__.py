"""Run the command line: ``python -m netanalytics``."""

from netanalytics.cli import main

main()
