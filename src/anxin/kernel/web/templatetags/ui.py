"""Placeholder until the shell lands."""

from django import template

register = template.Library()
