"""Names of people: folded, taken apart, and which short names mean which long ones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _set(
    """
dr prof professor mr mrs ms miss mx sir dame herr frau hr fr mme mlle ing dipl mag sr sra don
phd md mba msc bsc ma ba jr ii iii iv esq cpa pmp
"""
)
_PARTICLES = _set(
    """
van von der den de da do dos du di del della la le les el al bin ibn ter ten zu zur af av y e
san
"""
)
_BORN = re.compile(r"\b(?:née|nee|né|born|geb\.?|geborene)\s+([\w'’-]+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]")
_SPLIT = re.compile(r"[^\w]+|_+")

NICKNAMES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
abigail abby gail
adam addy
agnieszka aga
albert al bert bertie
aleksandra ola
alexander alex sasha xander alec lex sandy aleksander alessandro alejandro
alexandra alex sandra sasha lexi alessandra
alfred fred alf alfie
alice ali
alison ali
amanda mandy
andreas andi andy
andrew andy drew andrei andre
angela angie
ann anne anna annie nan nancy ania anya
anthony tony antonio anton toni
antonia toni
archibald archie
arthur art artie
augustus gus august
barbara barb babs barbie basia
bartholomew bart
bartosz bartek
beatrice bea trixie
benjamin ben benny benji
bernard bernie bernd bernhard
bradley brad
brian bryan
bridget biddy bridie
calvin cal
cameron cam
carolina caroline carol carrie caro lina karolina
catherine cathy kate cat cathryn katherine kathryn catalina
cecilia cece celia
charles charlie chuck chas carlos carl karl charly
charlotte charlie lottie lotte
chester chet
christian chris kris christoph
christine chris tina christina chrissy kristina
christopher chris kit topher christoph
clarence clay
clifford cliff
clinton clint
constance connie
cornelius neil con
cynthia cindy
daniel dan danny dani
daniela dani
david dave davy davey
deborah debbie deb debra
dennis denny den
dominic dom nick
donald don donnie
dorothy dot dottie dora
douglas doug
dmitri dima mitya dmitry
edmund ed ned
eduardo ed edu lalo
edward ed eddie ted ned eduard ward
edwin ed
eleanor ellie nora nell
elizabeth liz beth betty lisa eliza bess lizzie libby elisabeth elsa elise liesel ela
emily em emmy emma
emmanuel manny manu emanuel
enrique quique kike
ernest ernie
eugene gene
evangelina eva evie
evgeny zhenya
ferdinand ferdi nando fernando
florence flo
florian flo
frances fran fanny frankie
francis frank fran
francisco paco pancho kiko fran cisco
frank frankie
franklin frank
frederick fred freddie freddy fritz friedrich federico
gabriel gabe gabi
gabriela gabi gaby
gerald gerry jerry
gerard gerry
geoffrey geoff jeff
george georgie jorge georg jurgen
gerhard gerd
gertrude trudy
giovanni gianni vanni
giuseppe beppe pino
gregory greg gregor grzegorz
guadalupe lupe
guillermo memo
gunther gunter
harold hal harry
harriet hattie
heinrich heinz heiner henry
helen nell ellen helena lena
henrietta etta
henry harry hank hal
herbert herb bert
hermann herm
howard howie
hubert hub bert
hugh hugo
ignacio nacho
irene rene
isaac ike
isabella bella izzy isabel isa
ivan vanya
jacob jake jakob jacobo
jacqueline jackie
james jim jimmy jamie jem
jan janek jasiek
janet jan
jeffrey jeff
jennifer jen jenny
jeremiah jerry
jeremy jerry jez
jerome jerry
jessica jess jessie
jesus chuy
joachim achim jochen
joan joanie
joanna jo asia
johanna hanna jo hanne
johannes hannes jo hans johann jens
john jack johnny jon jock ian sean
jonathan jon jonny nathan
joseph joe joey jose josef jo
josefina pepa fina
jose pepe chepe
joshua josh
juan juanito
judith judy jude
julia julie jule
julian jules
karl kalle carl
katarina kata kati kat katka
katherine kate kathy katie kat kitty kathryn kathleen katharina kathi kay
katarzyna kasia
kenneth ken kenny
kimberly kim
konstantin kostya
krzysztof krzys
lawrence larry lars laurence lorenzo laurie
leonard leo len lenny leon leonhard leonardo
leopold leo poldi
leslie les
lillian lily lil
louis lou louie luis ludwig lewis
louise lou lulu
lucas luke luca
lucia lucy
luigi gigi
madeleine maddy
magdalena lena magda maggie malena
malgorzata gosia malgosia
marcus marc mark marco
margaret maggie peggy meg marge margie greta rita peg daisy
margarita rita marga
maria mary marie mia mitzi maja
marianne mary
martha marty
martin marty
martina tina
matilda tilda
matthew matt matty matteo mathias
matthias matt hias
maurice moe
maximilian max maxi
maxwell max
melanie mel
melissa mel
michael mike mick mickey mitch micha michal miguel mikhail
michelle shelly
mikhail misha
mildred millie
mohammed mo mohamed muhammad mohammad mehmet ahmed
nadezhda nadia
natalia natasha talia
nathan nate
nathaniel nate nat nathan
nicholas nick nicky niko nicolas klaus nikolaus nikolas nico
nicole nicky nikki
nikolai kolya nick nikolaj
norman norm
olga olya
oliver ollie olli
oswald ozzie
pamela pam
patricia pat patty trish tricia patsy
patrick pat paddy rick
paul pablo pawel paolo
penelope penny
peter pete pedro petr piotr pierre
philip phil pip philipp felipe
priscilla cilla
prudence prue
rachel rae
rafael rafa rafi raphael
rajesh raj
randolph randy
raymond ray
rebecca becky becca
reginald reg reggie
reinhard reini
richard dick rich rick ricky ricardo richie
robert bob rob bobby robbie bert roberto robin
roberta bobbie
roderick rod
rodney rod
roger rog
roland rolli
ronald ron ronnie
rosemary rose rosie
roxanne roxy
rudolf rudi rolf
russell russ
samantha sam
samuel sam sammy
sandra sandy
santiago santi
sarah sara sally sadie
sebastian seb basti bastian
sergei seryozha
shirley shirl
sidney sid
silvester sly
simon si
sofia sophie sonya sophia
solomon sol
stanislaw stas staszek
stanley stan
stefan steff steven stephan
stephanie steph steffi
stephen steve stevie steven stefan
stewart stu stuart
susan sue susie suzanne suzy susanne sanne
svetlana sveta
sylvia sylvie
tatiana tanya
teresa terry tess theresa tessa tracy
terence terry
thaddeus tad
theodore ted theo teddy
thomas tom tommy tomas tomasz
timothy tim timmy
tobias tobi toby
ulrich uli
ursula uschi
valentina valya val
valerie val
vasily vasya
veronica ronnie vera roni
victor vic viktor
victoria vicky vic tori
vincent vin vince vinny vincenzo
virginia ginny
vivian viv
vladimir vova volodya
walter walt wally
wilhelm willi will
wilhelmina mina
william bill will billy willy liam wil guillaume
winifred winnie
wolfgang wolf
xavier javier javi
yevgeny zhenya
yusuf yousef joseph
zachary zach zack
zsuzsanna zsuzsa
""".strip().splitlines()
)
"""Names that may stand for one another; a name can be in several sets."""

GROUPS: dict[str, tuple[int, ...]] = {}
for _number, _group in enumerate(NICKNAMES):
    for _name in sorted(_group):
        GROUPS[_name] = (*GROUPS.get(_name, ()), _number)


@dataclass(frozen=True)
class Name:
    """A name taken apart; all parts folded, and empty where there is none.

    Parameters
    ----------
    first, last : str
        Given name and family name.
    middle : str
        What stands between them, first word only.
    other : str
        A second family name: the one before a marriage, or the other half of a double name.
    """

    first: str = ""
    last: str = ""
    middle: str = ""
    other: str = ""


def fold(text: str) -> str:
    """Return text in lower case without accents.

    Examples
    --------
    >>> fold("Łukasz Müller-Weiß")
    'lukasz muller-weiss'
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def parse(text: str) -> Name:
    """Take a name apart.

    Examples
    --------
    >>> parse("Prof. Müller, Jürgen (née Weiß)")
    Name(first='jurgen', last='muller', middle='', other='weiss')
    >>> parse("Ana M. García-López")
    Name(first='ana', last='garcialopez', middle='m', other='lopez')
    """
    born = _BORN.search(text) if "n" in text or "b" in text else None
    other = fold(born.group(1)).strip("'’-") if born else ""
    if born:
        text = text[: born.start()] + " " + text[born.end() :]
    text = _BRACKETS.sub(" ", text) if any(sign in text for sign in "([{<") else text
    family, comma, given = text.partition(",")
    words, last_words = (_words(given), _words(family)) if comma else (_words(text), [])
    if comma and not words:  # what follows the comma is a title
        words, last_words = last_words, []
    if not words:
        return Name(other=other)
    if last_words:
        first, middle = words[0], words[1] if len(words) > 1 else ""
        last = last_words[-1]
        other = other or (last_words[-2] if len(last_words) > 1 else "")
    elif len(words) == 1:
        first, middle, last = words[0], "", ""
    else:
        first, last = words[0], words[-1]
        middle = words[1] if len(words) > 2 else ""
    other = other or _half(last)
    return Name(_plain(first), _plain(last), _plain(middle), _plain(other))


def _words(text: str) -> list[str]:
    """Return words without titles and particles; hyphens and apostrophes stay inside."""
    words = [word.strip(".,;:'’-\"") for word in fold(text).replace("_", " ").split()]
    kept = [word for word in words if word and word not in _TITLES]
    names = [word for word in kept if word not in _PARTICLES]
    return [word for word in (names or kept) if any(sign.isalpha() for sign in word)]


def _half(last: str) -> str:
    """Return the second half of a double name."""
    return last.rpartition("-")[2] if "-" in last else ""


def _plain(word: str) -> str:
    return word if word.isalnum() else "".join(sign for sign in word if sign.isalnum())


def from_local(local: str) -> Name:
    """Guess a name from the part of an address before the sign @: two words or none.

    Examples
    --------
    >>> from_local("ana.frey2")
    Name(first='ana', last='frey', middle='', other='')
    >>> from_local("afrey")
    Name(first='', last='', middle='', other='')
    """
    words = [word.strip("0123456789") for word in _SPLIT.split(fold(local))]
    words = [word for word in words if word.isalpha()]
    if len(words) < 2 or max(map(len, words)) < 2:
        return Name()
    return Name(words[0], words[-1], words[1] if len(words) > 2 else "")


def forms(first: str, last: str) -> tuple[str, ...]:
    """Return what companies make of a name: letters of the usual local parts."""
    if not first or not last:
        return ()
    return (
        first + last,
        last + first,
        first[0] + last,
        last + first[0],
        first + last[0],
    )


def may_be_one(one: Name, other: Name) -> bool:
    """Tell whether two names could belong to one person; a missing part speaks for nobody.

    Examples
    --------
    >>> may_be_one(parse("Bob Smith"), parse("Smith, Robert"))
    True
    >>> may_be_one(parse("Ana Frey"), parse("Kai Vidal"))
    False
    """
    mine = {part for part in (one.first, one.last, one.other) if part}
    theirs = {part for part in (other.first, other.last, other.other) if part}
    if not mine or not theirs:
        return True
    return any(_alike(x, y) for x in mine for y in theirs)


def _alike(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if one == other or set(GROUPS.get(one, ())) & set(GROUPS.get(other, ())):
        return True
    return min(len(one), len(other)) >= 4 and one[:3] == other[:3]
