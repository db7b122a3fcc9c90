"""The errors this package raises.

Every one derives from :class:`NetAnalyticsError`, which the command line turns into one line, and
from the builtin that a caller would have caught without knowing this package.
"""

from __future__ import annotations

from collections.abc import Sequence


class NetAnalyticsError(Exception):
    """Base of everything this package raises on purpose."""


class SchemaError(NetAnalyticsError, ValueError):
    """A table does not fit its schema.

    Parameters
    ----------
    table : str
        Name of the table.
    violations : sequence of str
        All that is wrong, each with its column, the first offending rows and what to do.
    file : str, optional
        Name of the file that holds it.
    """

    def __init__(self, table: str, violations: Sequence[str], file: str | None = None) -> None:
        self.table = table
        self.violations = tuple(violations)
        self.file = file
        where = f" ({file})" if file else ""
        super().__init__(f"table {table!r}{where}: " + "; ".join(self.violations))

    def __reduce__(self) -> tuple[type[SchemaError], tuple[str, tuple[str, ...], str | None]]:
        """Pickle by the arguments, not by the message."""
        return type(self), (self.table, self.violations, self.file)


class LoaderError(NetAnalyticsError, ValueError):
    """A file cannot be read as the kind of log it was taken for."""


class MissingFileError(LoaderError, FileNotFoundError):
    """A file or folder that was named does not exist."""


class ProjectError(NetAnalyticsError, ValueError):
    """A project file says something that makes no sense."""


class EmptyLogError(NetAnalyticsError, ValueError):
    """Nothing is left to work on."""


class UnknownPersonError(NetAnalyticsError, LookupError):
    """No person, or more than one, answers to what was asked for."""


class UnknownNameError(NetAnalyticsError, LookupError):
    """A metric, loader, section or column of that name does not exist."""


class UndatedError(NetAnalyticsError, ValueError):
    """What was asked for needs the time of each contact, which this network does not have."""


class OptionError(NetAnalyticsError, ValueError):
    """An argument has a value that makes no sense here."""


class NotPicklableError(NetAnalyticsError, TypeError):
    """An object is bound to an open database and cannot be pickled."""
