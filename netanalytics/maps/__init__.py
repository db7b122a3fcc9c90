"""Figures and interactive maps; the home of matplotlib and pyvis.

A map draws what it is given: positions come from :mod:`netanalytics.maps.layout`, colours from
:mod:`netanalytics.maps.style`, and every number that it shows from a table.
"""
