"""Names and streets that nobody can take for real ones: each name says "(made up)"."""

from __future__ import annotations

from referral.demo.chance import Chance

_FIRST = [
    "Amber",
    "Birch",
    "Cedar",
    "Copper",
    "Coral",
    "Fern",
    "Indigo",
    "Ivory",
    "Jade",
    "Juniper",
    "Lilac",
    "Maple",
    "Olive",
    "Paper",
    "Pebble",
    "Plum",
    "Quartz",
    "Saffron",
    "Silver",
    "Slate",
    "Teal",
    "Velvet",
    "Willow",
]
_SECOND = [
    "Acorn",
    "Badger",
    "Button",
    "Comet",
    "Dragonfly",
    "Finch",
    "Fox",
    "Hedgehog",
    "Heron",
    "Kettle",
    "Kite",
    "Lantern",
    "Marmot",
    "Meteor",
    "Narwhal",
    "Otter",
    "Pelican",
    "Puffin",
    "Teapot",
    "Thistle",
    "Turtle",
]
_LAST = {
    "clinic": ("Counseling Center", "Outpatient Clinic", "Recovery Services", "Health Center", "Wellness Clinic"),
    "house": ("Treatment Center", "Recovery Center", "Retreat", "Residential Program"),
    "hospital": ("Hospital", "Medical Center", "Behavioral Hospital"),
    "home": ("House", "Sober Living", "Recovery Home"),
    "telehealth": ("Online Care", "Telehealth", "Care by Phone"),
}
_STREETS = (
    "Example Street",
    "Sample Avenue",
    "Pretend Road",
    "Placeholder Lane",
    "Make-Believe Boulevard",
    "Imaginary Drive",
    "Fable Court",
    "Nowhere Way",
    "Storybook Road",
    "Invention Avenue",
)

MADE_UP = "(made up)"


def provider_name(chance: Chance, kind: str) -> tuple[str, str]:
    """A name, and the name of an organization or an empty one."""
    first, second = chance.pick(_FIRST), chance.pick(_SECOND)
    organization = f"{first} {second} Group {MADE_UP}" if chance.happens(0.3) else ""
    return f"{first} {second} {chance.pick(_LAST[kind])} {MADE_UP}", organization


def street(chance: Chance) -> tuple[str, str]:
    """A street with a number, and a unit or an empty one."""
    number = int(chance.between(1, 9800))
    unit = f"Suite {int(chance.between(1, 500))}" if chance.happens(0.15) else ""
    return f"{number} {chance.pick(_STREETS)}", unit
