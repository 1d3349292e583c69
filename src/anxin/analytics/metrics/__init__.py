"""Figures of customers: what each one is (`registry`), and how all are computed (`frame`)."""
