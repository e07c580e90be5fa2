"""Reads constants.toml: numbers by name, and where each is from.

The only place that knows the file. What computes gets a `Constants` and asks it for attributes, so that a name that is not
there is an error and not a zero.
"""
import os
import re
import tomllib

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "constants.toml")
KINDS = {"measured", "assumed"}


class Constants:
    """The values as attributes: `constants.presses`. `entries` has what the file says of each."""

    def __init__(self, entries, values=None):
        self.entries = entries
        self.values = values or {name: entry["value"] for name, entry in entries.items()}

    def __getattr__(self, name):
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(f"constants.toml has no {name}") from None

    def but(self, **changed):
        """The same with other values."""
        if unknown := set(changed) - set(self.values):
            raise AttributeError(f"constants.toml has no {', '.join(sorted(unknown))}")
        return Constants(self.entries, {**self.values, **changed})

    def kind(self, name):
        """Whether a value was measured, is to be measured, or is an assumption."""
        entry = self.entries[name]
        return "assumed" if entry.get("assumed") else "measured" if entry["measured"] else "not measured yet"


def read(path=PATH):
    with open(path, "rb") as file:
        entries = tomllib.load(file)
    for name, entry in entries.items():
        if missing := {"value", "unit", "source"} - set(entry):
            raise ValueError(f"{path}: {name} has no {', '.join(sorted(missing))}")
        if len(KINDS & set(entry)) != 1:
            raise ValueError(f"{path}: {name} has to be either `measured` or `assumed`")
        if not isinstance(entry["value"], (int, float)) or entry["value"] <= 0:
            raise ValueError(f"{path}: the value of {name} has to be a number above 0")
    return Constants(entries)


def take(figures, quiet=True, path=PATH):
    """Writes what bench/fleet/database measured into the values whose source names it. Gives their names.

    What is a time by the clock (`clock = true`) is only taken from a `quiet` machine; processor time and bytes from any.
    """
    with open(path, encoding="utf-8") as file:
        text = file.read()
    taken = []

    def entry(found):
        source = re.search(r'^source = "bench/fleet/database, (\w+)(?: / (\d+))?"$', found[0], re.MULTILINE)
        by_clock = re.search(r"^clock = true$", found[0], re.MULTILINE)
        if not source or source[1] not in figures or by_clock and not quiet:
            return found[0]
        taken.append(found[1])
        value = figures[source[1]] / float(source[2] or 1)
        filled = re.sub(r"^value = .*$", f"value = {float(f'{value:.3g}'):g}", found[0], flags=re.MULTILINE)
        return filled.replace("measured = false", "measured = true")

    text = re.sub(r"^\[(\w+)\]\n(?:.+\n?)*", entry, text, flags=re.MULTILINE)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return taken
