"""One map as one HTML file: viewer, styles and data inside it, nothing asked of any network."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from netanalytics.maps.pack import to_json
from netanalytics.maps.style import THEMES
from netanalytics.writing import write_whole

if TYPE_CHECKING:
    from jinja2 import Template

    from netanalytics.maps.pack import Data


@dataclass(frozen=True)
class NetworkMap:
    """A finished map.

    Parameters
    ----------
    html : str
        The whole page.
    title : str
        Its title.
    positions : pandas.DataFrame
        Columns ``x`` and ``y`` of everybody drawn: give it to the next map as ``pinned`` and
        people stay where the reader has learnt to find them.

    Examples
    --------
    >>> from netanalytics.network import Network
    >>> from netanalytics.maps.network_map import network_map
    >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    >>> values = pd.DataFrame({"community": 0}, index=pd.Index(["a", "b", "c"], name="person"))
    >>> network_map(Network.from_ties(ties), people_values=values).title
    'Network map'
    """

    html: str = field(repr=False)
    title: str
    positions: pd.DataFrame = field(
        repr=False, compare=False, default_factory=lambda: pd.DataFrame(columns=["x", "y"])
    )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, whole or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            Where to; folders that do not exist are made.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return write_whole(Path(path), self.html)

    def _repr_html_(self) -> str:
        """Show the map in a notebook, in a frame that can run its own script and nothing else."""
        return (
            f'<iframe title="{html.escape(self.title, quote=True)}" width="100%" height="640" '
            f'sandbox="allow-scripts" srcdoc="{html.escape(self.html, quote=True)}"></iframe>'
        )


MARK = "img-src data: blob:; base-uri 'none'; form-action 'none'"
"""What the policy of every map ends with: by this an older one is known, which may be replaced."""


def page(data: Data) -> str:
    """Return the page for the data of one map."""
    script, style = _asset("map.js"), _asset("map.css")
    themes = {theme.name: theme.as_dict() for theme in THEMES}
    return _template().render(
        title=data["title"],
        subtitle=data["subtitle"],
        policy=_markup(policy(script, style)),
        style=_markup(style),
        script=_markup(script),
        data=_markup(to_json(data | {"themes": themes})),
    )


def policy(script: str, style: str) -> str:
    """Return a Content-Security-Policy that allows this script and this style, and no other."""
    return f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; {MARK}"


def digest(text: str) -> str:
    """Return the hash by which a policy knows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _markup(text: str) -> str:
    """Mark text of our own, or text already escaped, as safe to write as it is."""
    from markupsafe import Markup

    return Markup(text)


@cache
def _asset(name: str) -> str:
    return (resources.files("netanalytics.maps") / "assets" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("netanalytics.maps"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("map.html.j2")
