"""The front of the house: home, start page per visitor, statements, health."""
