"""The word lists that the guards look at, folded as `dedup.words` folds; English first."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words(
    # English; contractions fold without their apostrophe
    "not no never none nor neither nobody nothing nowhere without cannot cant wont dont doesnt didnt isnt arent "
    "wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt mustnt neednt aint unless except hardly barely "
    "scarcely seldom rarely fails failed denied denies refused refuses lack lacks lacking "
    # German, Dutch, Scandinavian
    "nicht kein keine keinen keinem keiner keines nie niemals ohne weder nichts niemand niet geen nooit zonder "
    "ikke ikkje inte aldrig aldri ingen uten utan uden "
    # French, Spanish, Italian, Portuguese, Catalan, Romanian
    "ne pas jamais sans aucun aucune rien non nunca jamas sin ningun ninguna nada nadie tampoco mai senza nessuno "
    "nessuna niente nao sem nenhum nenhuma ninguem mica nu niciodata fara nici "
    # Slavic (folded), Turkish, Finnish, Hungarian, Greek, Vietnamese, Indonesian
    "не нет ни без никогда никто ничего нельзя ні немає nie bez nigdy nikt nic ne neni nikdy degil yok hicbir "
    "ei eivat eika koskaan ilman nem nincs soha δεν μην οχι χωρις khong chua tidak bukan tanpa "
    # Arabic, Hebrew, Hindi, Korean
    "لا لم لن ليس ليست غير بدون ما לא אין בלי אינו אינה नहीं न मत बिना 않다 않은 않는 안 못 없다 없는 없이"
)

SOLO_NEGATIONS = frozenset("不没沒無无非未否莫勿ไม่")
"""Characters that negate in scripts written without spaces."""

_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_OTHER_NUMBERS = _words(
    "hundred thousand million billion trillion hundreds thousands millions billions trillions dozen dozens half "
    "quarter third thirds quarters once twice thrice double triple single both pair couple percent first second "
    "fourth fifth sixth seventh eighth ninth tenth last none all every each several few many most "
    # German, French, Spanish, Italian, Russian
    "zwei drei vier funf sechs sieben acht neun zehn elf zwolf hundert tausend millionen milliarden "
    "deux trois quatre cinq sept huit neuf dix onze douze cent mille dos tres cuatro cinco seis siete ocho "
    "nueve diez cien mil tre quattro cinque sette otto nove dieci cento "
    "два три четыре пять шесть семь восемь девять десять сто тысяча тысяч миллион миллионов"
)
NUMBERS: dict[str, str] = (
    {word: word for word in _OTHER_NUMBERS}
    | {word: str(value) for value, word in enumerate(_COUNTED.split())}
    | {word: str(value) for value, word in zip(range(30, 100, 10), _TENS.split(), strict=True)}
)
"""Words that count, with the digits they stand for where they are a number by themselves."""

MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "januar februar marz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout septembre "
    "octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
)

DAYS = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "today yesterday tomorrow tonight noon midnight morning afternoon evening overnight weekend "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag heute gestern morgen "
    "lundi mardi mercredi jeudi vendredi samedi dimanche hier demain aujourdhui "
    "lunes martes miercoles jueves viernes sabado domingo hoy ayer manana "
    "понедельник вторник среда четверг пятница суббота воскресенье сегодня вчера завтра"
)

ONLY_CAPITALISED = _words("may march mar sat sun mon wed mars mai mayo hier second")
"""Words that are a date only where they begin with a capital letter."""

SPANS = _words(
    "year years month months week weeks day days hour hours minute minutes second seconds ago annual annually "
    "monthly weekly daily hourly yearly spring summer autumn winter"
)

UNITS = _words(
    "dollar dollars euro euros pound pounds yen yuan franc francs crown crowns rupee rupees cent cents usd eur gbp "
    "km kilometre kilometres kilometer kilometers mile miles metre metres meter meters foot feet inch inches yard "
    "yards cm mm kg kilogram kilograms lb lbs gram grams tonne tonnes ton tons ounce ounces litre litres liter liters "
    "gallon gallons hectare hectares acre acres am pm celsius fahrenheit degree degrees percent mb gb tb kb mib gib ms "
    "watt watts kilowatt kilowatts megawatt megawatts volt volts hertz knots kmh mph"
)
"""Units: another one makes another quantity."""

BOUNDS = _words(
    "about over under least most up to only nearly almost around approximately roughly exactly more less fewer than "
    "minimum maximum below above beyond within some"
)
"""Words that say how a number is meant, where one follows."""

PLAIN_NEGATIONS = _words(
    "not cannot cant wont dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt mustnt "
    "neednt aint"
)
"""Negations that differ in form alone: "do not" and "don't"."""

_OPPOSITES = (
    "increase decrease",
    "increases decreases",
    "increased decreased",
    "increasing decreasing",
    "rise fall",
    "rises falls",
    "rose fell",
    "rising falling",
    "grow shrink",
    "grew shrank",
    "gain loss",
    "gains losses",
    "up down",
    "above below",
    "over under",
    "before after",
    "more less",
    "more fewer",
    "most least",
    "higher lower",
    "highest lowest",
    "high low",
    "minimum maximum",
    "min max",
    "greater smaller",
    "large small",
    "larger smaller",
    "longer shorter",
    "long short",
    "fast slow",
    "faster slower",
    "early late",
    "earlier later",
    "first last",
    "start stop",
    "starts stops",
    "started stopped",
    "begin end",
    "begins ends",
    "began ended",
    "open closed",
    "open close",
    "opened closed",
    "on off",
    "true false",
    "yes no",
    "allow deny",
    "allows denies",
    "allowed denied",
    "accept reject",
    "accepted rejected",
    "accepts rejects",
    "approve reject",
    "approved rejected",
    "agree disagree",
    "agreed disagreed",
    "enable disable",
    "enabled disabled",
    "enables disables",
    "include exclude",
    "includes excludes",
    "included excluded",
    "add remove",
    "added removed",
    "adds removes",
    "create delete",
    "created deleted",
    "install uninstall",
    "import export",
    "input output",
    "read write",
    "push pull",
    "send receive",
    "sent received",
    "buy sell",
    "bought sold",
    "win lose",
    "won lost",
    "wins loses",
    "support oppose",
    "supports opposes",
    "supported opposed",
    "pass fail",
    "passed failed",
    "success failure",
    "safe unsafe",
    "legal illegal",
    "possible impossible",
    "required optional",
    "mandatory optional",
    "always never",
    "all none",
    "everyone nobody",
    "with without",
    "inside outside",
    "internal external",
    "left right",
    "north south",
    "east west",
    "northern southern",
    "eastern western",
    "positive negative",
    "good bad",
    "better worse",
    "best worst",
    "hot cold",
    "warm cool",
    "strong weak",
    "stronger weaker",
    "rich poor",
    "old new",
    "older newer",
    "male female",
    "man woman",
    "men women",
    "he she",
    "him her",
    "his her",
    "boy girl",
    "public private",
    "guilty innocent",
    "alive dead",
    "war peace",
    "friend enemy",
    "ally enemy",
    "attack defend",
    "must may",
    "should must",
    "can must",
    "can cannot",
    "will wont",
    "would could",
    "many few",
    "synchronous asynchronous",
    "encrypted unencrypted",
    "deprecated supported",
    "horizontal vertical",
    "upper lower",
    "source target",
    "client server",
    "primary secondary",
    "black white",
    "day night",
    "local remote",
    "static dynamic",
    "inner outer",
    "might will",
    "may will",
    "could will",
    "former latter",
    "begin finish",
    "cheap expensive",
    "cheaper dearer",
    "majority minority",
    "maximum minimum",
)
OPPOSITES: frozenset[frozenset[str]] = frozenset(frozenset(pair.split()) for pair in _OPPOSITES)

NEGATING_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis", "de", "anti")

FUNCTION_WORDS = _words(
    "a an the this that these those it its he she they we you i his her their our your my him them us me who whom "
    "whose which what where when why how and or but so yet if then than as at by for from in into of off on onto out "
    "over to up with within about after again against along also although always among another any anyone around "
    "because before being below between both be been is are was were am do does did done have has had having will "
    "would can could shall should may might must during each either else even ever every few further furthermore "
    "hence here however instead just later like many more most much nevertheless now often once only other others "
    "otherwise overall own perhaps please rather same see since some still such therefore there thereby thus though "
    "through together too under until upon usually very via well while yes meanwhile moreover additionally finally "
    "first next similarly note use using used all one according despite following given"
)
"""English words that begin a sentence with a capital letter and name nothing."""

ARTICLES = _words("a an the")

JOINING = _words("and of for in on")
"""Small words between names."""
