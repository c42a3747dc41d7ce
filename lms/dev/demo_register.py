"""Demo schools with which something still has to begin, so that the list of O&S looks as it does in real life."""

from __future__ import annotations

from lms.schools.actions import register
from lms.schools.rules import SchoolKind
from lms.schools.rules.register import SchoolFacts

SECONDARY, ADULTS, YOUTH = SchoolKind.SECONDARY, SchoolKind.ADULT_EDUCATION, SchoolKind.YOUTH_WORK

MORE_SCHOOLS = (
    ("Demoschool Bree", SECONDARY, "Bree", "Demostraat 12", "3960", "999006"),
    ("Demoschool Lommel", SECONDARY, "Lommel", "Demolaan 3", "3920", "999007"),
    ("Demoschool Sint-Truiden", SECONDARY, "Sint-Truiden", "Demoplein 8", "3800", "999008"),
    ("Demoschool Tongeren", SECONDARY, "Tongeren-Borgloon", "Demosteenweg 45", "3700", "999009"),
    ("Demo-CVO Maaseik", ADULTS, "Maaseik", "Demokaai 1", "3680", "999010"),
    ("Demojeugdhuis Beringen", YOUTH, "Beringen", "Demostraat 77", "3580", None),
    ("Demojeugdwerking Heusden", YOUTH, "Heusden-Zolder", "", "3550", None),
    ("Demoschool Leuven", SECONDARY, "Leuven", "Demovest 5", "3000", "999013"),
    # One stands in the list twice, to be merged.
    ("Demo-instituut Pelt", SECONDARY, "Pelt", "Demodreef 2", "3910", "999014"),
    ("Demo Instituut", SECONDARY, "Pelt", "", "3910", None),
)


def add_more_schools() -> None:
    """Add them to the register. Each is plainly named a demo school."""
    for name, kind, municipality, street, postcode, number in MORE_SCHOOLS:
        facts = SchoolFacts(
            name=name, kind=kind, municipality=municipality, street=street, postcode=postcode, number=number
        )
        register.add_school(facts, by=None)
