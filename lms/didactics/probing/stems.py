"""Does a question take up the youngster's own words? A light Dutch stemmer, enough for that one comparison.

Didactic source: reflective listening in motivational interviewing (the R of OARS): staying with the words of
the other shows that one listened. The definition is the project's own: the same lemma or a part of a compound
counts, pronouns and light verbs do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lms.didactics.probing.lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    FILLERS,
    NEGATIONS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from lms.didactics.probing.tokens import Token, is_mark

# Strong and irregular verbs: forms → one stem.
_IRREGULAR = {
    form: forms.split()[0]
    for forms in (
        "slaap slapen sliep sliepen geslapen", "teken tekenen tekende getekend tekening", "lees lezen las lazen "
        "gelezen",
        "schrijf schrijven schreef schreven geschreven", "help helpen hielp hielpen geholpen hulp",
        "spreek spreken sprak spraken gesproken", "sta staan stond stonden gestaan staat", "zit zitten zat zaten "
        "gezeten",
        "lig liggen lag lagen gelegen ligt", "loop lopen liep liepen gelopen", "neem nemen nam namen genomen neemt",
        "geef geven gaf gaven gegeven geeft", "kies kiezen koos kozen gekozen keuze keuzes", "breng brengen "
        "bracht gebracht",
        "zoek zoeken zocht zochten gezocht", "koop kopen kocht gekocht", "rijd rijden reed reden gereden rij rijdt",
        "zwem zwemmen zwom gezwommen", "zing zingen zong zongen gezongen", "drink drinken dronk gedronken",
        "eet eten at aten gegeten", "sterf sterven stierf stierven gestorven", "verlies verliezen verloor verloren",
        "win winnen won wonnen gewonnen winst", "vecht vechten vocht gevochten", "begin beginnen begon begonnen begint",
        "stop stoppen stopte stopten gestopt stopt", "val vallen viel vielen gevallen", "hang hangen hing gehangen",
        "houd houden hou houdt hield hielden gehouden", "volhoud volhouden volhoudt volhou volhield volgehouden",
        "vergeet vergeten vergat vergaten", "begrijp begrijpen begreep begrepen begrip", "krijg krijgen kreeg gekregen",
        "trek trekken trok trokken getrokken trekt", "bied bieden bood geboden", "lieg liegen loog gelogen",
        "vlieg vliegen vloog gevlogen", "blijf blijven bleef bleven gebleven", "schrik schrikken schrok geschrokken",
        "woon wonen woonde woonden gewoond woont", "leer leren leerde geleerd leert", "werk werken werkte gewerkt "
        "werkt", "studeer studeren studeerde gestudeerd",
        "zorg zorgen zorgde gezorgd zorgt", "speel spelen speelde gespeeld speelt", "voel voelen voelde gevoeld gevoel",
        "rust rusten rustte gerust", "angst angstig", "moe moeheid vermoeid", "overdoe overdoen overgedaan "
        "overdeed overdeden",
    )
    for form in forms.split()
}  # fmt: skip

# Words that mean the same to a youngster and a begeleider; taking one up for the other is a clear paraphrase.
_SAME = {
    word: group.split()[0]
    for group in (
        "moeder mama ma mams mam mamma", "vader papa pa paps pap pappa", "vriend maat maten matjes kameraad kameraden",
        "job baan baantje studentenjob vakantiejob", "bang schrik angst", "boos kwaad", "oma bomma grootmoeder meme",
        "opa bompa grootvader pepe", "plezant leuk fijn tof plezier", "gsm smartphone telefoon", "nonkel oom",
        "tante tantes",
        "fier trots", "lopen joggen", "moeilijk lastig", "auto auto's wagen", "kind kinderen", "stad steden",
        "broer broertje broers broertjes", "zus zusje zussen zusjes",
    )
    for word in group.split()
}  # fmt: skip

_LIGHT = words(
    "ben is was waren zijn geweest heb heeft had hadden hebben gehad doe deed doen gedaan ga ging gaan gegaan "
    "gingen wil "
    "wilde wou willen gewild zeg zei zegt zeggen gezegd zeiden vind vond vinden gevonden denk dacht denken "
    "gedacht weet "
    "wist weten geweten kan kon konden kunnen gekund moet moest moeten mag mocht mogen zal zou zouden zullen kom kwam "
    "komen gekomen maak maakt maakte laat liet laten bedoel bedoelt word werd hoe "
    "krijg krijgt hoef hoeft noem noemt"
)
_SMALL = words(
    "nu dan toen later straks ooit altijd soms vaak nog al echt heel zo zeer gewoon eigenlijk misschien graag "
    "zelf jezelf "
    "mezelf mij me hem hen ook wel toch te veel meer minder meest daar hier daarover daarin erover ervan iets iemand "
    "ding dingen keer eens even ander andere anderen anders een twee drie vier vijf zes zeven acht negen tien "
    "dank zoals bijna ongeveer precies zoiets ofzo enzo weer terug zeker erg "
    "beetje bepaalde zoveel vooral elk elke alle alles allemaal ieder volgens zonder best wanneer net pas los hun haar "
    "hoor terwijl gebeurt gebeurde bijvoorbeeld eerst eerste laatste dat's zoal zo'n in 's enkel alleen maar mee "
    "af toe "
    "mss natuurlijk misschien eender welk welke beide twee drie vier jou iedereen"
)
_NO_CONTENT = (
    _LIGHT | _SMALL | SUBJECTS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | QUESTION_WORDS | NEGATIONS | FILLERS
) - {"goed", "luister", "meisje", "man", "dag", "begrepen", "snap"}  # fmt: skip
_ENDINGS = (
    "aties",
    "atie",
    "eren",
    "eert",
    "eerde",
    "heden",
    "heid",
    "ingen",
    "ing",
    "tjes",
    "tje",
    "pjes",
    "pje",
    "jes",
    "je",
    "sten",
    "st",
)
# Endings of words that look like words themselves: *moeilijk* is no compound of *lijken*.
_SUFFIXES = words("lijk heid baar loos schap ling ing achtig")
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of one word in plain spelling: *tekent*, *getekend* and *tekeningen* give the same."""
    if word in _SAME:
        word = _SAME[word]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.replace("'s", "").strip("'-")
    if word.endswith("schepen"):
        word = word[:-5] + "hip"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if word.startswith("ge") and len(word) > 6 and word[-1] in "dt":
        word = word[2:]
    for ending in ("enden", "ende", "end", "den", "de", "ten", "te", "en", "er", "e", "s", "t", "d"):
        if word.endswith(ending) and len(word) - len(ending) >= (4 if ending in "td" else 3):
            word = word[: -len(ending)]
            break
    return _IRREGULAR.get(word, _even(word))


def _even(word: str) -> str:
    """Spelling rules that hide a stem: *bakken/bak*, *koken/kook*, *leven/leef*, *reizen/reis*."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    if len(word) > 3 and word[-3] == word[-2] and word[-2] in _VOWELS and word[-1] not in _VOWELS:
        word = word[:-2] + word[-1]
    return word[:-1] + {"v": "f", "z": "s"}.get(word[-1], word[-1]) if word else word


def is_small_word(word: str) -> bool:
    """Whether this is one of the Dutch words without content of their own: pronouns, light verbs and the like."""
    return word in _NO_CONTENT


def content_words(tokens: Sequence[Token]) -> list[Token]:
    """The words that carry content: no pronouns, light verbs, small words or marks."""
    return [
        token
        for token in tokens
        if not is_mark(token) and len(token.word) > 1 and token.word not in _NO_CONTENT and token.word[0] != "'"
    ]


def is_same_word(left: str, right: str) -> bool:
    """Whether two words have one lemma, or one is a part of the other as a compound."""
    if left == right:
        return True
    one, two = stem(left), stem(right)
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    if len(short) >= 4 and len(long) - len(short) >= 3 and short not in _SUFFIXES:
        return long.startswith(short) or long.endswith(short) or _share_a_part(left, right)
    return _share_a_part(left, right)


def _share_a_part(left: str, right: str) -> bool:
    """Whether two compounds begin with the same part: *dierenarts* and *dierenverzorger*."""
    return min(len(left), len(right)) >= 8 and left[:6] == right[:6]


def taken_up(answer: Sequence[Token], question: Sequence[Token]) -> Token | None:
    """The first word of ``question`` that takes up a content word of ``answer``; None when none does."""
    own = {token.word for token in content_words(answer)}
    for token in content_words(question):
        if any(is_same_word(token.word, word) for word in own):
            return token
    return None
