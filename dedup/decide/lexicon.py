"""What the guards know of English; folded as `dedup.words` folds. Other languages are in `lexicon_languages`."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLAIN_NEGATIONS = _words(
    "not cannot cant wont dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt mustnt "
    "neednt shant mightnt oughtnt darent aint nt"
)
"""Negations that differ in form alone: "do not" and "don't" (apostrophes are folded away)."""

FAILING = _words("fail fails failed failing failure")

NEGATIONS = (
    PLAIN_NEGATIONS
    | FAILING
    | _words(
        "no never none nor neither nobody nothing nowhere without unless except hardly barely scarcely seldom rarely "
        "denied denies deny refused refuses refuse refusing declined declines lack lacks lacking lacked non anti "
        "unable instead only merely neglected neglects"
    )
)
"""Words that negate, or leave out all others ("only")."""

QUANTIFIERS = {
    word: name
    for name, words in (
        ("1/2", "half halves"),
        ("quarter", "quarter quarters"),
        ("2x", "twice"),
        ("3x", "thrice"),
        ("hundreds", "hundreds"),
        ("thousands", "thousands"),
        ("millions", "millions"),
        ("billions", "billions"),
        ("trillions", "trillions"),
        ("dozens", "dozens"),
        *((word, word) for word in "couple pair few several many most single double triple".split()),
    )
    for word in words.split()
}
"""Words that say how much without a number."""

SOFT = {"once": "1x", "all": "all", "both": "both", "each": "each", "every": "each"}
"""Numbers only where another stands for them: "once the rain came", "all the rain", "both the rain and the snow"."""

SCALES = {"dozen": 12, "hundred": 100, "bn": 10**9, "mln": 10**6, "tn": 10**12, "k": 1000}
"""What the number before is multiplied with, besides the words for a thousand and more."""

PARTS = {
    word: number
    for number, words in (
        (2, "half halves"),
        (3, "third thirds"),
        (4, "quarter quarters fourths"),
        (5, "fifth fifths"),
        (6, "sixth sixths"),
        (7, "seventh sevenths"),
        (8, "eighth eighths"),
        (9, "ninth ninths"),
        (10, "tenth tenths"),
        (100, "hundredths"),
    )
    for word in words.split()
}
"""Parts of a whole: after a number they make a fraction."""

PERCENT = (
    ("per", "cent"),
    ("pour", "cent"),
    ("por", "ciento"),
    ("por", "cento"),
    ("per", "cento"),
    *(
        (word,)
        for word in "percent pct pc prozent procent prosent prosenttia procento procenta procentu".split()
    ),
    *((word,) for word in "процент процента процентов відсоток відсотка відсотків persen yuzde".split()),
)

CURRENCY_SIGNS = {
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "¥": "yen",
    "₹": "rupee",
    "₽": "ruble",
    "₩": "won",
    "¢": "cent",
    "₺": "lira",
    "₪": "shekel",
    "฿": "baht",
    "₫": "dong",
    "₴": "hryvnia",
}

MONEY = {
    "cent": "cent",
    "cents": "cent",
    "penny": "penny",
    "pence": "penny",
    "crown": "crown",
    "crowns": "crown",
    "rouble": "ruble",
    "roubles": "ruble",
    **{code: code for code in "usd eur gbp aud nzd cad jpy cny inr chf".split()},
}
"""Currencies that CLDR calls otherwise."""

MEASURES = {
    "degrees": "degree",
    "kmh": "kmh",
    "kph": "kmh",
    "mph": "mph",
    "lbs": "pound",
    "tonnes": "tonne",
    "oclock": "oclock",
    "head": "head",
    "knots": "knot",
    "ha": "hectare",
    "bc": "bc",
    "bce": "bc",
    "ad": "ad",
}

VERSIONS = _words("version versions release releases v ver")

ONLY_CAPITALISED = _words("may march")
"""Months that are one only where they begin with a capital letter or stand beside a number."""

DAY_PARTS = {
    word: word.removesuffix("s")
    for word in "noon midday midnight morning mornings afternoon afternoons evening evenings night nights "
    "overnight dawn dusk weekend weekends spring summer autumn winter tonight".split()
} | {"midday": "noon"}

SPANS = {
    "second": "second",
    "seconds": "second",
    "sec": "second",
    "secs": "second",
    "min": "minute",
    "mins": "minute",
    "hr": "hour",
    "hrs": "hour",
    "annual": "yearly",
    "annually": "yearly",
    "yearly": "yearly",
    "monthly": "monthly",
    "weekly": "weekly",
    "daily": "daily",
    "hourly": "hourly",
    "ago": "ago",
    "era": "era",
}
"""Spans of time that CLDR does not name, or by another word."""

SHORT_SPANS = _words("second sec secs min mins hr hrs")
"""Those that stand beside a number, or are something else."""

NEARNESS = _words("last next this previous coming past following early late mid earlier later each every")
"""Words that say which one, before a span of time, a day or a month."""

BOUNDS = _words(
    "about over under least most up only nearly almost around approximately roughly exactly more less fewer "
    "minimum maximum below above beyond within"
)
"""Words that say how a number is meant, where one follows."""

WAYS = _words("from to by")
"""Of these, one for another makes another number of what follows: "rose to 5", "rose by 5"."""

_IDIOMS = (
    "one of|one another|each other|no one|one day|one by one|at first|first of all|first and foremost|"
    "in the first place|once again|once more|at once|all at once|second to none|all in all|after all|"
    "at all|above all|of all|all over|on the one hand|every now and then|no doubt|without doubt|"
    "without a doubt|no wonder|no matter|none other than|not least|not to mention|more often than not|"
    "last but not least|believe it or not|like it or not|needless to say"
)
IDIOMS = tuple(tuple(idiom.split()) for idiom in _IDIOMS.split("|"))
"""Words that look like a fact and are none, where all of them were put in or taken out."""

_OPPOSITES = (
    "increase decrease|increases decreases|increased decreased|increasing decreasing|rise fall|rises falls|"
    "rose fell|rising falling|grow shrink|grew shrank|gain loss|gains losses|up down|above below|over under|"
    "before after|before since|before during|after during|since until|since after|until after|previous next|"
    "previous following|last next|past future|former current|now then|recently soon|already yet|again never|"
    "more less|more fewer|most least|higher lower|highest lowest|high low|minimum maximum|min max|"
    "greater smaller|large small|larger smaller|longer shorter|long short|fast slow|faster slower|early late|"
    "earlier later|first last|start stop|start end|starts ends|started ended|beginning end|starts stops|"
    "started stopped|begin end|begins ends|began ended|open closed|open close|opened closed|on off|"
    "true false|yes no|allow deny|allows denies|allowed denied|accept reject|accepted rejected|"
    "accepts rejects|approve reject|approved rejected|agree disagree|agreed disagreed|enable disable|"
    "enabled disabled|enables disables|include exclude|includes excludes|included excluded|add remove|"
    "added removed|adds removes|create delete|created deleted|install uninstall|import export|input output|"
    "read write|push pull|send receive|sent received|buy sell|bought sold|win lose|won lost|wins loses|"
    "support oppose|supports opposes|supported opposed|pass fail|passed failed|success failure|safe unsafe|"
    "legal illegal|possible impossible|required optional|mandatory optional|always never|all none|"
    "everyone nobody|with without|inside outside|internal external|left right|north south|east west|"
    "northern southern|eastern western|positive negative|good bad|better worse|best worst|hot cold|warm cool|"
    "strong weak|stronger weaker|rich poor|old new|older newer|male female|man woman|men women|he she|"
    "hes shes|himself herself|his hers|him her|his her|boy girl|public private|guilty innocent|alive dead|"
    "war peace|friend enemy|ally enemy|attack defend|must may|should must|can must|can cannot|will wont|"
    "would could|many few|synchronous asynchronous|encrypted unencrypted|deprecated supported|"
    "horizontal vertical|upper lower|source target|client server|primary secondary|black white|day night|"
    "local remote|static dynamic|inner outer|from to|in out|any no|ever never|either neither|some all|"
    "some none|and nor|might will|may will|could will|former latter|begin finish|cheap expensive|"
    "cheaper dearer|majority minority|for against|with against|should could|shall may|or and|despite because|"
    "everyone someone|well badly|much little|sooner later|we they|ours theirs|mine yours|"
    "imported exported|imports exports|hired fired|arrived departed|arrives departs|banned allowed|"
    "forbidden permitted|prohibited permitted|prohibited allowed|upstream downstream|buyer seller|buyers sellers|"
    "winner loser|winners losers|largest smallest|fully partly|urban rural|sunrise sunset|king queen|"
    "father mother|guilty acquitted|convicted acquitted|safe dangerous|found lost|empty full|created destroyed|"
    "backed opposed|inbound outbound|praised criticised|praised criticized|typical atypical|demand supply|"
    "wet dry|old young|odd even|ascending descending|greater less|inclusive exclusive|visible hidden|"
    "upgrade downgrade|upgraded downgraded|upgrades downgrades|required recommended|parent child|row column|"
    "rows columns|absent present|void valid|valid invalid|avoided did|stopped did|domestic foreign|employer employee|"
    "employers employees|landlord tenant|lender borrower|teacher student|doctor patient|husband wife|brother sister|"
    "son daughter|uncle aunt|doubled halved|doubling halving|doubled trebled|doubled tripled|twofold tenfold|"
    "twofold threefold|once often|once seldom|minus plus|near far|deep shallow|wide narrow|heavy light|"
    "optimistic pessimistic|temporary permanent|mild severe|peace conflict|victory defeat|praise blame"
)
OPPOSITES: frozenset[frozenset[str]] = frozenset(frozenset(pair.split()) for pair in _OPPOSITES.split("|"))

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
    "first next similarly note use using used all one according despite following given "
    "doing down above hers ours yours theirs myself yourself himself herself itself ourselves themselves someone "
    "something everyone everything theres thats heres whats whos hes shes ive youve weve theyve im youre were theyre "
    "ill id youll youd hell hed shell shed well wed theyll theyd itll lets no not nor never none"
)
"""English words that begin a sentence with a capital letter and name nothing."""
