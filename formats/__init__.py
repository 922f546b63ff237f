"""Bytes and typed, frozen messages: every file that a bank or another system sends or receives.

Nothing here knows a database, a clock or a setting. A reader returns a whole message or raises FormatError with every
fault of the file; a writer is strict and gives the same bytes for the same message.
"""
