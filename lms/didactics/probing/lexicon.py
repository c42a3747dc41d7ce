"""The words the rules listen for: Dutch as it is typed in Flanders, without accents and in small letters.

Every list is a closed class or a small set of signals. The content of a question is never looked up here.
Sources of the lists: see the modules that use them.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One spelling for words that differ only by region, register or haste. Values may hold more than one word.
SPELLINGS: dict[str, str] = {
    **dict.fromkeys(words("jij ge gij gy u jou jouw uw jullie uwe uwen jullie"), "je"),
    **dict.fromkeys(words("uzelf jezelf uzelve"), "jezelf"),
    **dict.fromkeys(words("hebt"), "heb"),
    **dict.fromkeys(words("bent zijt"), "ben"),
    **dict.fromkeys(words("kunt kun"), "kan"),
    **dict.fromkeys(words("zult zul"), "zal"),
    **dict.fromkeys(words("waart"), "was"),
    **dict.fromkeys(words("nie ni"), "niet"),
    **dict.fromkeys(words("ok okay okee okey okido"), "oke"),
    **dict.fromkeys(words("hee heh eh hein"), "he"),
    **dict.fromkeys(words("effe effen efkes eventjes effekes"), "even"),
    "wilt": "wil", "zoudt": "zou", "gaat": "ga", "moogt": "mag", "doet": "doe", "hadt": "had", "vindt": "vind",
    "voelt": "voel", "denkt": "denk", "wordt": "word", "deedt": "deed", "gingt": "ging", "kondt": "kon",
    "komt": "kom", "zegt": "zeg", "ziet": "zie", "wildet": "wilde",
    "da": "dat", "wa": "wat", "es": "eens", "nen": "een", "ne": "een", "den": "de", "mss": "misschien",
    "eig": "eigenlijk",
    "wrm": "waarom", "wta": "wat", "awt": "wat", "waat": "wat", "heo": "hoe", "hoee": "hoe", "iet": "iets",
    "goe": "goed", "allee": "allez", "neen": "nee", "dr": "er", "t": "het", "n": "een", "k": "ik",
    "'t": "het", "'k": "ik", "'n": "een", "d'r": "er", "d'er": "er", "'s": "'s", "m'n": "mijn", "z'n": "zijn",
    "da's": "dat is", "das": "dat is", "wa's": "wat is", "wat's": "wat is", "hoe's": "hoe is", "dat's": "dat is",
    "hebde": "heb je", "hedde": "heb je", "zijde": "ben je", "kunde": "kan je",
    "gade": "ga je", "zoude": "zou je", "moette": "moet je", "doede": "doe je", "weette": "weet je",
    "vinde": "vind je", "denkte": "denk je", "zalde": "zal je", "ziede": "zie je",
}  # fmt: skip

# Words in which a typing error of one letter is mended: function words of five letters or more, nothing else.
MENDED = words(
    "welke waarom wanneer vertel vertellen beschrijf beschrijven waardoor waaraan waarin waarvoor waarover hoeveel "
    "eigenlijk misschien gewoon nochtans omdat uitleggen benieuwd bijvoorbeeld natuurlijk zeker"
)
# Real words one letter away from those: they are left as they are.
NOT_MENDED = words("welk welkom werke waaronder weke zeker zekere zeken beker wekker welken waarop vertelt vertelde")

SUBJECTS = words("je ik hij ze zij we wij dat het er die dit deze ie men iemand iedereen alles")
DETERMINERS = words("de het een mijn zijn haar ons onze hun die dat dit deze geen elke iedere")
PREPOSITIONS = words(
    "met van voor bij op in aan uit over door naar om tegen sinds vanaf tot per onder tussen achter na zonder"
)
CONJUNCTIONS = words("en of maar want dus als dat omdat toen terwijl hoewel zodat voor nadat zolang tenzij wanneer")

WAAR_WORDS = words(
    "waaraan waarin waarvoor waarop waardoor waarmee waarnaar waarover waarbij waaruit waarvan waartegen waarrond"
)
QUESTION_WORDS = words("wat hoe waarom wie waar wanneer welke welk hoeveel hoezo vanwaar hoeverre") | WAAR_WORDS

# Finite verbs with which a yes/no question may begin; any other word followed by *je* may be one too.
FINITE = words(
    "ben is was waren zijn heb heeft had hadden hebben kan kon konden kunnen wil wilde wou wilden willen zal zou "
    "zouden "
    "zullen moet moest moeten moesten mag mocht mogen ga ging gaan doe deed doen word werd wordt worden vind vond "
    "vinden "
    "voel voelde denk dacht weet wist weten kom kwam komen zie zag durf durft durfde helpt hielp klopt ligt lag maakt "
    "maakte geeft gaf zit zat staat stond speelt speelde werkt werkte leeft woont woonde gebeurt gebeurde past lukt "
    "lukte zeg zegt zei zeggen bedoel bedoelt krijg krijgt kreeg ken kent kende hoeft hoef hoor merk merkte schrikt "
    "vraagt kost duurt duurde telt bestaat blijft bleef lijkt leek heet begrijp begrijpt snap volg volgt studeert "
    "spreek spreekt droom geloof geloofde mis mist ruikt hou houdt hield neem nam laat liet leg lees koos kies"
)

FILLERS = words(
    "en maar oke ja jaja nee ah oh ooh och o amai allez zeg tja hm hmm mm mmm mhm aha haha hey hoi dag goh nou "
    "wel goed "
    "wow wauw oei ai zo kijk luister joh man meisje he hallo ha wacht sorry prima begrepen juist inderdaad idd snap"
)
SIGNALS = words("echt ja nee oh ah he zomaar oke serieus aha hm mm amai o wauw wow zo juist sorry")
NEGATIONS = words("niet geen nooit niks niets nergens niemand")

# What somebody may feel; putting one of these in somebody's mouth is a push when it was not said.
HARD_FEELINGS = words(
    "bang schrik angst angstig boos kwaad razend woedend verdrietig triestig triest droevig onzeker eenzaam "
    "zenuwachtig beschaamd schaam schamen schaamt jaloers teleurgesteld ontgoocheld gefrustreerd frustrerend "
    "gestresseerd stress depressief ongelukkig gekwetst machteloos hopeloos wanhopig bezorgd ongerust gepest "
    "ambetant afgewezen minderwaardig overbelast opgelucht opluchting spijt schuldig uitgesloten verveel verplicht"
)
HARD_QUALITIES = words(
    "moeilijk moeilijke zwaar zware lastig lastige erg erge vermoeiend vermoeiende vervelend vervelende saai saaie "
    "stom stomme eng enge vreselijk vreselijke stresserend spannend spannende gevaarlijk gevaarlijke eenzame duur dure "
    "pijnlijk ellendig irritant demotiverend confronterend raar rare vreemd vreemde ingewikkeld"
)
GOOD_QUALITIES = words(
    "leuk leuke plezant plezante fijn fijne tof toffe zalig zalige mooi mooie interessant interessante boeiend "
    "speciaal speciale geweldig geweldige super superleuk superinteressant belangrijk belangrijke trots fier blij "
    "gelukkig enthousiast goed perfect"
)

# Words that value somebody, in praise. They count in statements, not in "Wat vind je daar mooi aan?".
PRAISE = words(
    "knap knappe mooi mooie super top fantastisch fantastische geweldig geweldige prachtig prachtige schitterend "
    "schitterende straf straffe chapeau proficiat bravo zalig zalige keitof keigoed keileuk tof toffe cool coole "
    "dapper "
    "dappere flink flinke moedig moedige sterk sterke slim slimme uitstekend uitstekende perfect perfecte leuk leuke "
    "respect indrukwekkend indrukwekkende bewonderenswaardig fijn wijs wijze superknap supergoed superleuk "
    "bewonder schoon schone chique chic sjiek sjieke wauw wow interessant interessante heerlijk verstandig "
    "verstandige volwassen goei goeie goede "
    "hoedje complimenten gefeliciteerd talentvol getalenteerd"
)
# Words that value somebody, in criticism. They count everywhere, unless the youngster used them first.
CRITICISM = words(
    "dom domme stom stomme lui luie kortzichtig kortzichtige flauw flauwe belachelijk belachelijke overdreven "
    "overdrijf "
    "overdrijft kinderachtig kinderachtige onrealistisch onrealistische zonde zielig zwak zwakke slordig slordige "
    "onzin zever zeveren oersaai vergooi vergooit vergooien verspil verspilt verspillen verspilling weggooien "
    "egoistisch egoistische brutaal ondankbaar onvolwassen naief naieve onverantwoord onverantwoordelijk "
    "gemakzuchtig aanstellen aansteller zaag zagen zeurt zeuren onnozel onnozele idioot absurd "
    "ongemotiveerd lelijk puber verlegen verwend koppig onbeleefd nutteloos tijdverlies tijdverspilling "
    "excuus excuses uitvlucht smoes smoesje zottigheid bangerik zwakkeling arrogant ambitieloos"
)
