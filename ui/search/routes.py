"""The routes of the search room."""

from __future__ import annotations

from fastapi import APIRouter

from ui.desk import Desk


def routes(desk: Desk) -> APIRouter:
    """Everything of the search room."""
    return APIRouter()
