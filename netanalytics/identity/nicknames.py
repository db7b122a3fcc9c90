"""Which short given names mean which long ones."""

from __future__ import annotations

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
