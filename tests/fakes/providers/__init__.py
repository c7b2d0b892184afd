"""Vendors on loopback, as strict as the real ones where tests depend on it."""
