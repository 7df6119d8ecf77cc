"""The word lists by which headlines are read: English; folded as `dedup.words` folds.

They are general, and short enough to be read through. What is said by each list stands at it.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _groups(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().split("\n")]


PREPOSITIONS = _words(
    "in on at to for from by with of into onto over after under near against across amid among around before behind "
    "between beyond despite during following inside off outside past since through toward towards until upon via "
    "within without"
)
"""What these lead in tells where, when, why: a detail that one headline may have and the other not."""

IDLE = PREPOSITIONS | _words(
    "a an the and or but nor so yet as if than then that this these those there here it its he she his her they them "
    "their we our you your i my me him us who whom whose which what when where how while is are was were be been being "
    "am has have had do does did will would can could may might must shall should s t re ve ll hes shes theyre too "
    "also just"
)
"""Words that may differ: they name nothing. "US" in capitals is no such word."""

TOLD = _words(
    "say says said saying report reports reported reportedly official officials officially source sources statement "
    "spokesman spokeswoman confirm confirms confirmed video update updates updated live breaking news exclusive "
    "factbox analysis"
)
"""Words that say where a story is from or how it is told, not what happened."""

LIGHT = _words(
    # verbs that add little to the noun beside them, and nouns that add little to the one before
    "get gets getting give gives giving make makes making take takes taking grant grants granting face faces facing cast "
    "casts hold holds holding set sets conduct conducts carry carries carrying stage stages suffer suffers undergo "
    "undergoes remain remains keep keeps become becomes continue continues begin begins start starts look looks seem "
    "seems feature features bring brings put puts post posts attend attends register registers reach reaches hand hands "
    "work works due out up off down away back break breaks age aged call calls called named role favor favour condition "
    "situation case event process issue effort move bid people person member members project incident operation phase "
    # praise, size, time
    "new major key big huge massive giant top leading prominent senior famous renowned popular legendary iconic celebrated "
    "crucial critical historic landmark rare fresh latest ancient tense dramatic stunning deadly devastating "
    "controversial ambitious bold unprecedented widespread serious severe strong powerful strongly cautiously formally "
    "quietly finally overwhelmingly publicly allegedly apparently really very ever now yet still once again even only "
    "further another other overall entire whole recent upcoming "
    # what a name that stands beside it says already
    "president minister chancellor senator governor mayor coach actor actress singer star legend icon boss executive exec "
    "ceo government govt gov city town state province"
)
"""Words that a headline is given for colour or grammar: one headline may do without them."""

FOREIGN = _words(
    "der das den dem ein eine einen einem einer und mit nach bei fur auf ist von zu zum zur uber nicht wird "
    "le la les une et du dans sur est aux des avec qui el los las por para una del se su al "
    "il gli di nel della dei che non um uma da dos com het een op voor niet "
    "och att det som av til og ikke jest nie ve bir icin ile va cua khong cho"
)
"""Function words of other languages in Latin letters: a headline with two of them is not read as English."""

NUMBERS = {
    word: value
    for value, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen twenty"
        ).split()
    )
} | {
    word: value
    for value, word in zip(
        range(30, 100, 10), "thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}

ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}

SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mln": 6,
    "mil": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "bil": 9,
    "bln": 9,
    "billion": 9,
    "tn": 12,
    "trn": 12,
    "trillion": 12,
}
"""Powers of ten by the word, or the letters against the digits, that say them."""

MEASURES = {
    form: forms[0]
    for forms in _groups(
        """
% percent pct pc
$ dollar dollars usd
€ euro euros eur
£ pound pounds gbp
¥ yen jpy
₹ rupee rupees rs
km kilometre kilometres kilometer kilometers
mile miles
kg kilogram kilograms
ton tons tonne tonnes
"""
    )
    for form in forms
}
"""Signs and words that belong to the number beside them; of each the first form stands for all."""

SHORT_FORMS = {
    tuple(long.split("_")): short
    for short, long in (
        pair.split()
        for pair in (
            "un united_nations",
            "us united_states",
            "uk united_kingdom",
            "eu european_union",
            "pm prime_minister",
            "la los_angeles",
            "ny new_york",
            "dc washington_dc",
            "ge general_electric",
            "gm general_motors",
            "hk hong_kong",
            "uae united_arab_emirates",
            "ai artificial_intelligence",
        )
    )
}
"""Words that stand together, by the letters that stand for them."""

ALSO = {
    form: forms[0]
    for forms in _groups(
        """
government govt gov
department dept
international intl
secretary sec
general gen
president pres
university univ
professor prof
lieutenant lt
company co
week wk
age aged
late later
year yr
month mth
saint st
mount mt
january jan
february feb
august aug
september sept sep
october oct
november nov
december dec
police cop cops policeman policemen
man men
woman women
child children kid kids
person people
foot feet
buy bought
win won
lose lost
sell sold
shoot shot
strike struck
fall fell fallen
rise rose risen
fly flew flown
flee fled
fight fought
hold held
find found
lead led
leave left
meet met
make made
take took taken
give gave given
get got
go goes went gone
come came
see saw seen
say said
tell told
send sent
spend spent
build built
break broke broken
begin began begun
grow grew grown
show shown
speak spoke spoken
steal stole stolen
swear swore sworn
choose chose chosen
freeze froze frozen
seek sought
catch caught
bring brought
think thought
teach taught
keep kept
sink sank sunk
drive drove driven
write wrote written
ride rode ridden
pay paid
lay laid
feel felt
deal dealt
hang hung hanged
cling clung
swing swung
slay slew slain
drown drowned
centre center
defence defense
programme program
"""
    )
    for form in forms
}
"""Short and irregular forms, by the word they are forms of."""

NATIONS = {
    form: forms[0]
    for forms in _groups(
        """
afghanistan afghan afghans
africa african africans
albania albanian albanians
algeria algerian algerians
america american americans us usa
argentina argentine argentinian argentine argentinians
armenia armenian armenians
asia asian asians
australia australian australians aussie
austria austrian austrians
azerbaijan azerbaijani azeri
bahrain bahraini bahrainis
bangladesh bangladeshi bangladeshis
belarus belarusian belarusians
belgium belgian belgians
bolivia bolivian bolivians
bosnia bosnian bosnians
brazil brazilian brazilians
britain british briton britons uk
bulgaria bulgarian bulgarians
burma burmese myanmar
cambodia cambodian cambodians
canada canadian canadians
chile chilean chileans
china chinese
colombia colombian colombians
congo congolese
croatia croatian croatians croat croats
cuba cuban cubans
cyprus cypriot cypriots
czech czechs
denmark danish dane danes
ecuador ecuadorian
egypt egyptian egyptians
england english
estonia estonian estonians
ethiopia ethiopian ethiopians
europe european europeans
finland finnish finn finns
france french
gaza gazan gazans
georgia georgian georgians
germany german germans
ghana ghanaian ghanaians
greece greek greeks
guatemala guatemalan
haiti haitian haitians
hungary hungarian hungarians
iceland icelandic
india indian indians
indonesia indonesian indonesians
iran iranian iranians
iraq iraqi iraqis
ireland irish
israel israeli israelis
italy italian italians
jamaica jamaican
japan japanese
jordan jordanian jordanians
kashmir kashmiri kashmiris
kazakhstan kazakh
kenya kenyan kenyans
korea korean koreans
kosovo kosovar
kuwait kuwaiti kuwaitis
latvia latvian latvians
lebanon lebanese
liberia liberian
libya libyan libyans
lithuania lithuanian lithuanians
malaysia malaysian malaysians
maldives maldivian
mali malian malians
malta maltese
mexico mexican mexicans
moldova moldovan
mongolia mongolian
morocco moroccan moroccans
nepal nepali nepalese
netherlands dutch holland
nigeria nigerian nigerians
norway norwegian norwegians
oman omani
pakistan pakistani pakistanis pak
palestine palestinian palestinians
peru peruvian peruvians
philippines philippine filipino filipinos
poland polish pole poles
portugal portuguese
qatar qatari
romania romanian romanians
russia russian russians
rwanda rwandan
saudi saudis
scotland scottish scots
senegal senegalese
serbia serbian serbians serb serbs
singapore singaporean singaporeans
slovakia slovak slovaks
slovenia slovenian
somalia somali somalis
spain spanish spaniard spaniards
sudan sudanese
sweden swedish swede swedes
switzerland swiss
syria syrian syrians
taiwan taiwanese
tanzania tanzanian
thailand thai thais
tibet tibetan tibetans
tunisia tunisian tunisians
turkey turkish turk turks
uganda ugandan ugandans
ukraine ukrainian ukrainians
uruguay uruguayan
venezuela venezuelan venezuelans
vietnam vietnamese
wales welsh
yemen yemeni yemenis
zambia zambian
zimbabwe zimbabwean zimbabweans
"""
    )
    for form in forms
}
"""Countries, with the words for what and who is from there."""

SYNONYMS = _groups(
    """
kill die dead death deadly fatal slay murder fatality perish
blast explosion explode bomb bombing detonate
quake earthquake tremor temblor
quit resign resignation
hit strike rock jolt shake batter slam pound
arrest detain hold nab custody detention
injure wound hurt injury
government regime administration cabinet
leader president chief head
start begin launch open commence kick
win victory clinch capture triumph secure
rise climb increase higher gain grow jump surge soar up advance growth
fall drop slip lower decline slide sink plunge tumble down decrease dip
plane jet aircraft airliner airplane
shoot shooting gunman gunmen gunfire
vote poll election ballot referendum
name pick choose appoint tap select nominate announce
soldier troop army military force serviceman
free release freed
buy acquire purchase acquisition takeover
kidnap abduct seize
dispute row spat feud
probe investigate investigation inquiry examine
protest rally demonstration demonstrate march
aid help assistance relief
back support endorse
condemn criticize criticise blast denounce slam decry
oust remove topple depose overthrow
allow permit let
prison jail imprison
violence unrest
prototype concept
final championship
market stock
northwest northwestern northern north
northeast northeastern northern north
southwest southwestern southern south
southeast southeastern southern south
charge accuse indict
ceasefire truce armistice
rebel insurgent militant fighter opposition
movie film
author writer novelist laureate
car vehicle
boat ship vessel
big large huge biggest largest massive giant major
top leading prominent senior renowned
powerful strong
new fresh
show reveal unveil disclose
warn caution
urge call
end finish close conclude complete
approve pass endorse ok adopt okay approval
reject dismiss refuse rebuff spurn
vow pledge promise
plan set prepare ready
search hunt
crash collide collision
talk negotiation negotiate discuss discussion
deal agreement accord pact agree
battle fight clash combat
meet meeting visit
leave depart flee exit
return back
halt stop suspend pause
attack assault raid offensive strike airstrike
trial prosecute
fire blaze
expand widen extend enlarge
create establish form
delay postpone defer
marijuana pot cannabis
asset fund
stock share
capital city
quarter three-month
author creator
cut slash reduce trim
claim allege
judge justice court
mp lawmaker legislator senator congressman parliamentarian
refugee migrant
flood flooding
doctor physician
firm company
storm hurricane typhoon cyclone
celebrate mark
sue lawsuit
ban bar prohibit outlaw
seek pursue want
save rescue
grow expand
fire sack dismiss axe
film picture
lead head
hospital hospitalize
wed marry marriage wedding
body corpse remains
climb ascend
area region zone
near close
conduct carry stage launch
impose declare
teen teenager youth
terror terrorism terrorist
tourist visitor foreigner
"""
)
"""Words that headlines use for one another; a word may stand in several groups."""
