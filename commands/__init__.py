"""The commands, a module for each group: they only translate what was typed into a verb, and its result into lines."""
