"""Open or gesloten: what one question leaves to the youngster.

Didactic source: the difference between open and closed questions in the literature on interviewing, and the
open questions of motivational interviewing (the O of OARS). That function goes before form (*Kan je daar iets
over vertellen?* is open) is the project's definition of the labels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.didactics.probing.clauses import TAG, Form
from lms.didactics.probing.lexicon import WAAR_WORDS
from lms.didactics.probing.moves import Move, is_echo
from lms.didactics.probing.stems import content_words, is_same_word
from lms.didactics.probing.tokens import Token


@dataclass(frozen=True)
class Reading:
    """One rule that fired on a move: its id, why it says so (Dutch) and the stretch of the typed text."""

    rule: str
    why: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Heard:
    """The answer of the youngster, as far as the rules use it."""

    tokens: tuple[Token, ...]

    def has(self, word: str) -> bool:
        return any(is_same_word(word, token.word) for token in self.tokens if len(token.word) > 2)

    @property
    def denies(self) -> bool:
        return any(token.word in {"niet", "geen", "nooit", "niks", "niets", "nergens"} for token in self.tokens)


_TELLING = (
    r"vertel(?:len)?|uitleggen|uit te leggen|uitleg geven|uitleg over|beschrijven|omschrijven|toelichten|toelichting|"
    r"verduidelijken|schetsen|voorbeeld|delen|kwijt|meenemen|illustreren|"
    r"(?:meer|iets|wat) (?:over|zeggen)|zeggen (?:over|wat|hoe|waarom)|verder op ingaan|over (?:praten|zeggen)|"
    r"onder woorden brengen|uitdrukken"
)
_POLITE = re.compile(
    rf"^(?:\w+ ){{0,3}}?(?:kan|wil|zou|mag|zal|lukt|durf|heb|valt|is|zou) (?:je|ik|het|er|daar)\b.*\b(?:{_TELLING})\b"
)
# The rule of a question that opens and yet may sound like a reproach.
WHY = "open-waarom"
_MAY_I = re.compile(r"^(?:\w+ )?mag ik (?:je )?(?:eens |even )?(?:vragen|weten) (?:hoe|wat|waarom|waar|welk)")
_WITH_SOMEBODY = re.compile(
    r"\b(?:met|aan|tegen) (?:iemand|wie|je|mama|papa|vrienden|anderen|de|een|het|mijn)\b.*\b(?:praten|vertel)"
)
_FACT_HOE = re.compile(
    r"\bhoe (?:oud|lang|laat|vaak|dikwijls|ver|groot|veel|hoog|snel|duur|zeker|belangrijk|heet|noemt|noem je|"
    r"dikwijls|zwaar|"
    r"goed|erg|saai|moeilijk|leuk|tevreden|gelukkig|moe|blij|bang) (?!om )|\bhoeveel\b|\bhoe (?:heet|heette|noemt|"
    r"noemde)\b"
    r"|\bhoe (?:oud|lang|laat|vaak|ver|groot|duur)$|\bhoe (?:kom|ga) je (?:naar|op) (?:school|het werk|huis)"
)
_FACT_WAT = re.compile(
    r"^(?:\w+ )?(?:wat kost|wat verdien|wat is (?:je|zijn|haar|de|het) (?:\w+ )?(?:naam|adres|leeftijd|nummer|"
    r"punt|score|"
    r"richting|beroep|uur|datum|titel|kleur|prijs|lievelings\w+|favoriete \w+)|wat (?:studeert|studeerde) |"
    r"wat voor (?:richting|school|merk|auto|diploma|contract|werk|job|studie|instrument|type)|wat (?:doet|doe|"
    r"deed) (?:je |zijn |haar )"
    r"(?:mama|papa|moeder|vader|ouders|broer|zus|ma|pa)\w*(?: (?:van|als|voor) (?:werk|beroep|job|kost|een werk))?$"
    r"|wat (?:was|is) (?:het|de) (?:resultaat|uitslag|score|datum)|wat heb je (?:gestudeerd|gekozen)$)"
)
_PLACE = re.compile(
    r"\bwaar (?:\w+ )?(?:woon|woont|woonde|werk|werkt|werkte|ligt|lag|studeer\w*|volg\w*|sport\w*|speel\w*|school|"
    r"(?:is|was) (?:dat|het|die|de \w+|je \w+)$|zit je op|"
    r"zat je op|ga je|ging je|ga|kom je vandaan|doe je|deed je|liep|loop je|gebeurde|ben je geboren|staat|vond)\b"
)
_OPEN_WAAR = re.compile(
    r"\bwaar\b.* (?:aan|op|van|voor|uit|over|mee|in|bij|door|tegen|naar|om|tegenaan|naartoe groeien|vast|blij|"
    r"gelukkig|trots|fier)"
    r"(?: \w+)?$"
)
_MOMENT = re.compile(
    r"\b(?:tegen|sinds|vanaf|tot|van) wanneer\b|\bwanneer (?:\w+ )?(?:is|was|waren|begon\w*|begin\w*|start\w*|"
    r"stop\w*|moet|moest|"
    r"ga|ging|vertrek\w*|kom|kwam|werd|gebeurde|ontdekte|leerde|besliste|koos|hoorde|schrijf|studeer\w*|"
    r"heb je dat (?:beslist|"
    r"gekozen|geleerd|ontdekt|gehoord)|ben je (?:\w+ )*(?:gestopt|begonnen|geboren|gestart|verhuisd|klaar|jarig)|"
    r"krijg|kreeg|"
    r"heb je (?:\w+ ){0,5}(?:gekozen|beslist|ontdekt|geleerd|gestart|gekregen|gedaan|afspraak|examen|stage|les))\b"
)
_SITUATION = re.compile(
    r"\bwanneer\b.*\b(?:voel|voelde|lukt|lukte|merk|energie|goed|beter|best|minder|meer|graag|liefst|"
    r"gemakkelijk\w*|makkelijk\w*|"
    r"moeilijk\w*|sterk\w*|blij|trots|fier|rustig|veilig|jezelf|trek je|ervaar|geniet|echt|wel)\b"
)
_OWN_ITEMS = re.compile(
    r"\b(?:welke?|wat voor(?: soort| een)?) (?:\w+ ){0,2}?(?:foto|beeld|kaart|kaartje|woord|moment|gevoel|kant|"
    r"stuk|stukje|deel|"
    r"score|talent|eigenschap|kwaliteit|rol|stap|ding|voorbeeld|ervaring|herinnering|gedachte|droom|vraag|vragen|"
    r"verschil|"
    r"betekenis|manier|zin|redenen|reden|aspect|element|indruk|verwachting|plaats in|invloed|hoop|keuze|sfeer|"
    r"vaardighe\w+|"
    r"sterkte|uitdaging|drempel|zorg|mogelijkhe\w+|kansen|aspecten|situatie|omstandighe\w+|twijfel|emotie|cirkel|"
    r"voorwerp|kleur|"
    r"punten|inzicht|les neem|boodschap|plannen|ideeen|steun|hulp|ruimte|toekomst\w*)\w*\b|\bwelke? van\b"
)
_FACT_NOUN = re.compile(
    r"\bwelke? \w+ (?:heb|heeft|is|was|zit|zat|doe|doet|deed|volg\w*|speel\w*|gebruik\w*|rijd\w*|neem|kreeg|"
    r"bezoek\w*|bezocht|werk\w*|studeer\w*)\b|"
    r"\bwelke? (?:\w+ )?(?:leerjaar|maatschappij|jaar|school|richting|dag|dagen|uur|leeftijd|instrument|afdeling|"
    r"club|taal|talen|ziekenhuis|stad|gemeente|bus|trein|klas|"
    r"sport|sporten|game|games|muziek|opleiding|studie|merk|campus|hogeschool|unief|universiteit|bedrijf|winkel|"
    r"leerkracht|leraar|vak|vakken|ploeg|"
    r"lokaal|periode|maand|week|datum|land|dorp|straat|graad|film|boek|serie|liedje|app|auto|maat|kleur|nummer|"
    r"firma|stageplaats|stage|jeugdhuis|"
    r"garage|restaurant|kant neig|kant ga|(?:job|beroep|werk) (?:doe|heb|had|wil)|klasgenoot|vriend|vriendin|tram|"
    r"halte|diploma|niveau|finaliteit|cvo|"
    r"module|weg|lijn|provincie|positie|plaats|plek|uren|ploegje|zaal|team|groep zit|punten|score)\b"
)
_APPEAL = re.compile(
    r"\bwelke?\b.*\b(?:spreekt|spreken|past|passen|boeit|boeien|trekt|trekken|raakt|raken|telt|tellen|"
    r"belangrijk\w*|energie|"
    r"voel\w*|herken\w*|opvalt|valt|vallen|interesse\w*|interesseert|interesseren|blijft|bleef|roept|dichtst|"
    r"meest|liefst|"
    r"best|betekent|graag)\b"
)
_WHO_OPEN = re.compile(
    r"^(?:en |maar |oke )*wie (?:ben je|wil je|was je|zou je)\b|\bwie herken|\bwie of wat\b|\bwie kent\b|"
    r"\bwie heeft (?:iets|"
    r"dat ook|ook)|\bwie (?:kan|zou|kon) |\bwie (?:\w+ )?ook\b"
)
_CHOICE_WH = re.compile(r"^(?:\w+ )?(?:wat|welke?|wie|waar|hoe)\b.*\b(?:liever|eerder|neig)\b.* of ")
_THERE_IS_MORE = re.compile(
    r"^(?:\w+ )?(?:is|zijn|heb je|was) (?:er |je )?(?:nog )?(?:iets|dingen|zaken)\b.*\b(?:wil|wilt|zou|toevoegen|"
    r"vertel|zeggen|kwijt|delen)\b"
)


def read_kind(move: Move, heard: Heard) -> tuple[bool, Reading]:
    """Whether one question is open, and the rule that says so. Pushes are judged elsewhere and go first."""
    if is_echo(move):
        return True, _read(move, "open-echo", "Zo’n korte luisterreactie nodigt uit om verder te vertellen.")
    match move.form:
        case Form.INVITATION:
            return _read_invitation(move)
        case Form.WH:
            return _read_wh(move)
        case Form.YES_NO:
            return _read_yes_no(move)
        case _:
            return _read_declarative(move, heard)


def _read(move: Move, rule: str, why: str) -> Reading:
    return Reading(rule, why, move.span)


def _read_invitation(move: Move) -> tuple[bool, Reading]:
    text = move.text
    if re.search(r"\b(?:benieuwd|curieus|nieuwsgierig|af|weten|horen) of\b", text) or _FACT_HOE.search(text):
        return False, _read(
            move, "gesloten-feit", "Het klinkt als een uitnodiging, maar je vraagt naar een ja, een nee of een feit."
        )
    return True, _read(move, "open-uitnodiging", "Je nodigt uit om te vertellen. De jongere kiest wat.")


_FACT_WHY = "Hier past één kort feit op: een getal, een naam, een plaats of een tijdstip."


def _read_wh(move: Move) -> tuple[bool, Reading]:
    text = TAG.sub("", move.text)
    first = next((word for word in text.split() if word in _WH_ORDER), "wat")
    is_open = {
        "hoe": not _FACT_HOE.search(text),
        "hoeveel": False,
        "wie": bool(_WHO_OPEN.search(text)),
        "waar": bool(_OPEN_WAAR.search(text)) or not _PLACE.search(text),
        "wanneer": bool(_SITUATION.search(text)) or not _MOMENT.search(text),
        "welke": _is_open_which(text),
        "welk": _is_open_which(text),
        "waarover": not re.search(r"\bwaarover (?:ging|ga|moest|schreef|was|is)\b", text),
        "wat": not _FACT_WAT.search(text) and not _is_closed_kind_of(text),
    }.get(first, True)
    if is_open and (_CHOICE_WH.search(text) or (first != "wat" and _FACT_HOE.search(text) and first == "wat")):
        is_open = False
    if not is_open:
        rule = {"welke": "gesloten-welke", "welk": "gesloten-welke", "wanneer": "gesloten-tijd"}.get(
            first, "gesloten-feit"
        )
        return False, _read(move, rule, _FACT_WHY)
    if first == "waarom":
        why = "Open: de jongere kiest de reden. Let op je toon, want ‘waarom’ kan als een verwijt klinken."
        return True, _read(move, WHY, why)
    if first in {"welke", "welk"}:
        return True, _read(move, "open-welke", "De jongere kiest uit wat van hem of haar zelf is, en legt dat uit.")
    if first == "wanneer":
        return True, _read(move, "open-wanneer", "Je vraagt in welke situatie, niet op welke datum.")
    return True, _read(move, "open-vraagwoord", f"Met ‘{first}’ laat je de jongere kiezen waarover het antwoord gaat.")


_WH_ORDER = (
    frozenset(
        {"wat", "hoe", "waarom", "wie", "waar", "wanneer", "welke", "welk", "hoeveel", "hoezo", "vanwaar", "hoeverre"}
    )
    | WAAR_WORDS
)


def _is_closed_kind_of(text: str) -> bool:
    return (
        bool(re.search(r"\bwat voor\b", text))
        and not _OWN_ITEMS.search(text)
        and not re.search(r"\bwat voor (?:iemand|dingen|een)\b", text)
    )


def _is_open_which(text: str) -> bool:
    if _OWN_ITEMS.search(text) or _APPEAL.search(text):
        return True
    return not _FACT_NOUN.search(text)


def _read_yes_no(move: Move) -> tuple[bool, Reading]:
    text = TAG.sub("", move.text)
    inviting = _POLITE.match(text) or _MAY_I.match(text) or _THERE_IS_MORE.match(text)
    if (
        inviting
        and not (_WITH_SOMEBODY.search(text) and not re.search(r"\b(?:hoe|wat) \w+", text))
        and not text.startswith("weet je")
    ):
        return True, _read(
            move, "open-beleefd", "De vorm is ja of nee, maar iedereen hoort een uitnodiging om te vertellen."
        )
    if text.startswith("weet je"):
        return False, _read(move, "gesloten-weten", "Je kijkt na of de jongere iets weet. Dat is snel beantwoord.")
    if re.search(r"\bbedoel je\b|\bbegrijp ik\b|\bhoor ik\b|\bklopt\b", text):
        return False, _read(
            move, "gesloten-nakijken", "Je kijkt na of je het goed begreep. Nuttig, maar het verdiept niet."
        )
    if " of " in f" {text} ":
        return False, _read(move, "gesloten-keuze", "Je geeft de antwoorden zelf. De jongere kan enkel daaruit kiezen.")
    return False, _read(move, "gesloten-ja-nee", "Hier past ja of nee op. Dan stopt het gesprek vaak.")


def _read_declarative(move: Move, heard: Heard) -> tuple[bool, Reading]:
    text = TAG.sub("", f"{move.text}")
    if text.startswith("en ") and len(move.spoken) <= 4 and not re.search(r"\b(?:je|is|was|heb|ben|of|dus|nu)\b", text):
        return True, _read(move, "open-echo", "Je opent nog een kant van hetzelfde verhaal.")
    content = content_words(move.spoken)
    if (
        not re.search(r"\b(?:je|of|dus|is|ben|heb)\b", text)
        and len(move.spoken) <= 4
        and all(heard.has(token.word) for token in content)
    ):
        return True, _read(
            move, "open-echo", "Je zegt een woord van de jongere terug. Dat nodigt uit om verder te vertellen."
        )
    if re.search(r"\bof\b", text):
        return False, _read(move, "gesloten-keuze", "Je geeft de antwoorden zelf. De jongere kan enkel daaruit kiezen.")
    if re.search(r"\b(?:op|met) (?:een )?(?:schaal|tien)\b", text):
        return False, _read(move, "gesloten-schaal", _FACT_WHY)
    return False, _read(move, "gesloten-nakijken", "Je kijkt na of iets klopt. De jongere kan enkel ja of nee zeggen.")
