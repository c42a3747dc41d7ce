"""Suggestief: an opinion, advice, a norm, a feeling or a cause that the youngster did not give.

Didactic sources: leading questions in the literature on interviewing; the "righting reflex" that motivational
interviewing warns for (advice before listening); presupposition in questions. That a feeling the youngster named
is no presupposition, and that praise or reproach in a lead sentence changes nothing, is the project's definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lms.didactics.probing.clauses import Form
from lms.didactics.probing.kinds import Heard, Reading
from lms.didactics.probing.lexicon import GOOD_QUALITIES, HARD_FEELINGS, HARD_QUALITIES
from lms.didactics.probing.moves import Move
from lms.didactics.probing.stems import content_words
from lms.didactics.probing.tokens import is_mark

_ADVICE = re.compile(
    r"\b(?:zou (?:\w+ ){0,4}?(?:niet |beter |best )+|je (?:kan|zou|doet|doe|gaat|ga) (?:\w+ ){0,2}?(?:beter|"
    r"best)\b|(?:kan|zou) je (?:\w+ )?(?:beter|best) |"
    r"moet je (?:\w+ )?(?:niet|gewoon|dan|eens)\b|moet je dan\b|je moet\b|je zou (?:\w+ )?moeten|"
    r"misschien (?:moet|kan|is|was|helpt|zou)\b|"
    r"heb je (?:je )?(?:\w+ )?(?:er )?(?:\w+ )?(?:al |ooit |nooit |nog nooit |al eens )+(?:\w+ ){0,4}?(?:gedacht|"
    r"overwogen|geprobeerd|geinformeerd|overlegd)|"
    r"al (?:eens )?gedacht (?:aan|om|over)|aan gedacht om|(?:iets|niets|niks) voor je\b|waarom (?:probeer|zoek|"
    r"vraag|ga|doe|neem|praat|begin) je (?:\w+ )?niet|"
    r"(?:kan|wil|ga) je (?:\w+ )?niet (?:beter|gewoon|eens|eerst)|wat als je\b.*\bzou|"
    r"is het (?:dan )?niet (?:beter|slimmer|verstandiger)|"
    r"(?:beter|slimmer|verstandiger|nuttiger|handiger|gezonder) (?:zijn|om|eerst|als)\b|zorg dat je|"
    r"probeer (?:eens|gewoon|maar|toch)\b|"
    r"ik raad\b.*\baan\b|ik zou (?!graag|je graag|het graag|er graag|willen)(?:\w+ ){1,9}\w+(?:en|gaan|doen)$|"
    r"je doet er goed aan|gewoon doen|wat als je (?:gewoon|eens)|voel(?:de)? je je (?:alleen|slecht|klein|dom|"
    r"anders|minder))"
)
_OPINION = re.compile(
    r"\b(?:ik vind|volgens mij|ik denk|ik geloof|als je het mij vraagt|eerlijk gezegd|naar mijn mening|"
    r"zie ik dat verkeerd|het is (?:belangrijk|nodig|normaal|beter|goed|slim|jammer) (?:dat|om|als)|"
    r"vind je (?:\w+ ){0,2}?niet\b|denk je (?:\w+ ){0,2}?niet\b|geloof je niet|"
    r"ben je het (?:er )?(?:\w+ )?niet (?:mee )?eens|weet je (?:\w+ )?wel\b|besef je|"
    r"je weet toch|hoop ik|neem ik aan|veronderstel ik|iedereen (?:heeft|weet|kan|is|doet|wil)|de meesten|"
    r"normaal gezien|dat is toch|het is toch|is dat toch)\b"
)
_LOADED = re.compile(
    r"\b(?:nochtans|natuurlijk|ongetwijfeld|uiteraard|vast wel|sowieso|hopelijk|zomaar|zal (?:\w+ )?(?:wel|zeker|"
    r"vast)|zullen (?:\w+ ){0,2}?wel|"
    r"zou dat (?:\w+ )?geen|nu (?:toch )?echt|zie je (?:nu )?wel|had je (?:\w+ ){0,3}?wel (?:\w+ ){0,6}ge\w+|"
    r"wel echt|echt wel|dan nog wel|nog wel|zelfs niet|wijsgemaakt|"
    r"aangepraat|opgedrongen|druk (?:van|om)|(?:schrikt|houdt|remt|stoort|kwetst|hindert) (?:dat|het) je|"
    r"en niet (?:voor|om|omdat)|te (?:snel|vroeg|laat|hoog|laag|veel|weinig|moeilijk|"
    r"zwaar|makkelijk|gemakkelijk)|laten (?:schieten|liggen|vallen)|vlucht|niet gewoon)\b"
)
_CAUSE = re.compile(
    r"\b(?:zou het kunnen dat|zijn het (?:\w+ ){1,5}?die\b|(?:kom|komt|kwam|ligt|lag|is|heeft|had|"
    r"was)\b (?:\w+ ){1,3}?(?:door|omdat|aan je|"
    r"aan de|aan het|aan jezelf|aan een|te maken met|vanwege)\b|"
    r"\bligt dat\b|\bomdat\b|\bdoordat\b|\bvanwege\b)"
)
_WHY_NOT = re.compile(r"\bwaarom\b.*\b(?:niet|geen|nooit|niks|niets|amper)\b")
_WHY_LOADED = re.compile(
    r"\bwaarom (?:zou|moet|moest)\b|\bwaarom\b.*\b(?:toch|altijd|nu|weer|zo|nog|gewoon|per se|persé|alleen maar|"
    r"voor minder|stom|ineens|nu ineens)\b"
)
_NOT_FIRST = re.compile(r"\b(?:niet|geen|niks|niets|nooit|niemand|nergens)\b")
_PUSHING_TAG = re.compile(
    r" (?:toch|he|eh|niet|niet waar|nietwaar|of niet|zeker|toch niet|denk je niet|vind je niet|vind je ook niet|"
    r"weet je dat wel|"
    r"of zie ik dat verkeerd|of vergis ik (?:me|mij)|hoop ik|neem ik aan|veronderstel ik|geef toe|eigenlijk niet)$"
)
_INNER_TAG = re.compile(r" he (?=(?:in|met|van|op|bij|voor|aan|zo) )")
_TAG_WHY = "Zo’n woordje op het einde vraagt om gelijk te krijgen. Je gok zit er al in."
_STATEMENT_MARKS = re.compile(
    r"\b(?:toch|zeker|vast|wel (?:heel|erg|wat|niet|trots|blij|fier)|precies|waarschijnlijk|blijkbaar|gewoon|"
    r"eigenlijk|vermoedelijk|duidelijk|alvast)\b"
)
_TELLS_YOU = re.compile(
    r"^dan (?:moet|past|ben|kan|is|word|wil|zou|lijkt|zal|ga)\b.*\b(?:je|iets|perfect|ideaal)\b|\bdus je\b|"
    r"\bdus dan\b|^zie je(?: wel)?\b.*\b(?:moet|dan|daar)\b"
)
_CONCLUSION = "Jij trekt hier een conclusie. De jongere kan er enkel nog ja of nee op zeggen."
_CONCLUDES = re.compile(r"^(?:(?:en|maar|ah|oke|ja|o) )*(?:dus|dan|en nu|zo)\b|\bdus\b")
_CHECKS = re.compile(
    r"\bals ik (?:het|je|dat|u)?\b.*\b(?:begrijp|versta|hoor|samenvat)|\bbegrijp ik\b|\bbedoel(?:t|"
    r"en)? je (?!vader|moeder|mama|papa|ouders|ma |pa |juf|leerkracht)|\bbedoel je$|\bje bedoelt?\b|\bje zegt?\b|"
    r"\bje zei\b|"
    r"\bhoor ik\b|\bik hoor\b|\bklopt (?:het|dat)\b|\bversta ik\b|\bheb ik (?:het|dat) (?:goed|juist)"
)
_SUPPORT = re.compile(r"\bben je (?:\w+ )?zeker\b|\bweet je (?:het |dat )?(?:\w+ )?zeker\b")
_WELL_DONE = re.compile(
    r"\b(?:heb|had|was|ben|doe|deed|weet|hou|hield)\b.*\bwel (?:\w+ )?(?:goed|echt|genoeg|ernstig|serieus|eerlijk|"
    r"voldoende|zeker|op tijd|realistisch|haalbaar|"
    r"slim|voorbereid|geleerd|opgelet|geluisterd|nodig|dat)\b|\bis (?:dat|het) (?:\w+ )?wel\b"
)


def find_push(move: Move, heard: Heard) -> Reading | None:
    """The first rule by which one move puts something in the youngster's mouth; None when none does."""
    for rule in _RULES:
        for reading in rule(move, heard):
            return reading
    return None


Rule = Callable[[Move, Heard], Iterator[Reading]]


def _hit(move: Move, pattern: re.Pattern[str], rule: str, why: str) -> Iterator[Reading]:
    found = pattern.search(move.text)
    if found and found.end() > found.start():
        yield Reading(rule, why, move.place(found.start(), found.end()))


def _checks(move: Move) -> bool:
    return bool(_CHECKS.search(move.text))


def _all_said(move: Move, heard: Heard) -> bool:
    """Whether the move holds content and every content word comes from the answer."""
    content = [token for token in content_words(move.spoken) if token.word not in {"gewoon", "precies"}]
    return bool(content) and all(heard.has(token.word) for token in content)


def _advises(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form in {Form.WH, Form.INVITATION} and not re.search(
        r"\bwaarom\b|\bhoe zou\b.*\bniet\b|\bwat als\b|\bje moet\b|\bbeter\b.*\?", move.text
    ):
        return
    if move.form is Form.YES_NO and move.text.startswith(("moet je", "en moet je")) and _all_said(move, heard):
        return
    yield from _hit(
        move,
        _ADVICE,
        "suggestief-raad",
        "Hier zit jouw raad in. De jongere kan enkel nog ja of nee zeggen op jouw idee.",
    )


def _has_opinion(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form in {Form.WH, Form.INVITATION} or _checks(move):
        return
    if move.form is Form.STATEMENT and not re.search(
        r"\b(?:(?:vind|denk|geloof) dat je|je (?:weet|moet|zou)|iedereen|de meesten|volgens mij|vind je|denk je)\b",
        move.text,
    ):
        return  # *Dat lijkt mij niet simpel* is sympathy, not a push.
    yield from _hit(move, _OPINION, "suggestief-mening", "Hier zit jouw mening in. Het antwoord ligt al klaar.")


def _asks_why(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form is not Form.WH or "waarom" not in move.text.split()[:3]:
        return
    echoes = heard.denies and _all_said(move, heard) and not _WHY_LOADED.search(move.text)
    if not echoes:
        yield from _hit(
            move,
            _WHY_NOT,
            "suggestief-waarom-niet",
            "‘Waarom niet’ zegt eigenlijk dat het anders moest. De jongere moet zich verdedigen.",
        )
    yield from _hit(
        move, _WHY_LOADED, "suggestief-waarom", "In deze ‘waarom’ zit een oordeel. De jongere moet zich verdedigen."
    )


def _is_negative(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form is not Form.YES_NO or (heard.denies and _all_said(move, heard)):
        return
    if "liever niet" in move.text:
        return  # It offers to pass.
    why = "Een vraag met ‘niet’ of ‘geen’ stuurt: je laat horen welk antwoord je verwacht."
    if not re.search(r"\bof niet$", move.text):
        yield from _hit(move, _NOT_FIRST, "suggestief-ontkenning", why)


def _ends_in_a_tag(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form in {Form.WH, Form.INVITATION} or _checks(move):
        return
    if move.form is Form.STATEMENT and (len(move.spoken) < 4 or "ik" in move.text.split()):
        return
    if move.form is Form.YES_NO and re.search(r" of niet$| of .* toch$", move.text):
        return
    if move.text.endswith(" niet") and not _is_set_apart(move):
        return
    if move.form is Form.YES_NO and re.search(r" (?:toch|he|zeker|niet)$", move.text) is None:
        return
    if _all_said(move, heard) and re.search(r" (?:he|juist|klopt dat)$", move.text):
        return
    yield from _hit(move, _INNER_TAG, "suggestief-aanhangsel", _TAG_WHY)
    yield from _hit(move, _PUSHING_TAG, "suggestief-aanhangsel", _TAG_WHY)


def _is_set_apart(move: Move) -> bool:
    """Whether the last word stands behind a comma, or is *of niet*, *denk je niet* and the like."""
    before = [token for token in move.tokens if not token.quoted][-2:]
    if len(before) == 2 and is_mark(before[0]):
        return True
    return bool(re.search(r" (?:of|toch|ook|je) niet$", move.text))


def _is_loaded(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form in {Form.WH, Form.INVITATION} or _checks(move) or _SUPPORT.search(move.text):
        return
    why = "Dit woord verklapt wat jij verwacht of vindt."
    for pattern in (_LOADED, _WELL_DONE) if move.form is not Form.STATEMENT else ():
        yield from _hit(move, pattern, "suggestief-geladen", why)
    if move.form is Form.YES_NO:
        yield from _hit(
            move,
            re.compile(r"\b(?:toch (?!al\b)|zeker\b(?! (?:van|dat))|vast\b(?! (?:in|werk|aan)))"),
            "suggestief-geladen",
            why,
        )


def _gives_a_cause(move: Move, heard: Heard) -> Iterator[Reading]:
    if move.form in {Form.WH, Form.INVITATION, Form.STATEMENT} or _checks(move):
        return
    yield from _hit(
        move, _CAUSE, "suggestief-oorzaak", "Jij vult de oorzaak in. Misschien ziet de jongere dat heel anders."
    )


def _names_a_feeling(move: Move, heard: Heard) -> Iterator[Reading]:
    why = "Dit gevoel of oordeel komt van jou, niet van de jongere."
    if move.form is Form.STATEMENT and not re.search(r"\bje (?:ben|voel|was|word|lijkt|bent)\b", move.text):
        return
    neutral = re.search(r"\b(?:ook als|als het|wanneer het|lichter|minder|wat maakt het)\b", move.text)
    both = any(token.word in GOOD_QUALITIES for token in move.spoken) and " of " in move.text
    for index, token in enumerate(move.spoken):
        if both and move.form is not Form.WH:
            return  # *Spannend leuk of spannend eng?* leaves both sides open.
        if heard.has(token.word) or token.word in {"goed", "belangrijk", "super", "perfect"}:
            continue
        before = move.spoken[index - 1].word if index else ""
        hard = (token.word in HARD_FEELINGS or token.word.removesuffix("heid") in HARD_FEELINGS) and not neutral
        quality = token.word in HARD_QUALITIES and not neutral and (move.form is not Form.WH or before == "zo")
        good = token.word in GOOD_QUALITIES and (
            before == "zo" or (move.form is Form.DECLARATIVE and "trots fier".find(token.word) >= 0)
        )
        asks_of_future = (
            move.form is Form.WH and re.search(r"\b(?:wanneer|waar|wat als|zou)\b", move.text) and before != "zo"
        )
        if (hard and not asks_of_future) or quality or good:
            yield Reading("suggestief-gevoel", why, (token.start, token.end))


def _states(move: Move, heard: Heard) -> Iterator[Reading]:
    """A statement with a question mark: checking when it only repeats, a guess when it adds."""
    if move.form is Form.STATEMENT:
        yield from _hit(move, _TELLS_YOU, "suggestief-conclusie", _CONCLUSION)
    if move.form is not Form.DECLARATIVE or _checks(move):
        return
    why = "Je maakt er een stelling van met een vraagteken. Jouw gok zit er al in."
    yield from _hit(move, _STATEMENT_MARKS, "suggestief-gok", why)
    if _CONCLUDES.search(move.text) and not _all_said(move, heard) and len(move.spoken) > 2:
        new = [token for token in content_words(move.spoken) if not heard.has(token.word)]
        taken = len(content_words(move.spoken)) - len(new)
        if len(new) >= 2 or not taken or re.search(r"^(?:en )?dan\b", move.text):
            yield Reading("suggestief-conclusie", _CONCLUSION, move.span)
    if re.search(r"\b(?:niet|geen|nooit|niks|niets)\b", move.text) and not _all_said(move, heard):
        yield Reading("suggestief-gok", why, move.span)


_RULES: tuple[Rule, ...] = (
    _advises, _has_opinion, _asks_why, _is_negative, _ends_in_a_tag, _is_loaded,
    _gives_a_cause, _names_a_feeling, _states,
)  # fmt: skip
