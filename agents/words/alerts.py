"""What people read of an alert: the same in a chat, in a mail and on a pager."""

from agents.words.frame import Text
from schemas.alerts import AlertEvent

#: By what happened: the line that must be enough.
TITLES = {
    AlertEvent.BREACH_OPENED: Text(
        "{client}: {objective} {place} is at {value}, {target} was promised",
        "{client} : {objective} {place} est à {value}, {target} promis",
    ),
    AlertEvent.TARGET_LOST: Text(
        "{client}: {objective} {place} can no longer reach {target} {window}, it is at {value}",
        "{client} : {objective} {place} ne peut plus atteindre {target} {window} : {value}",
    ),
    AlertEvent.BREACH_RESOLVED: Text(
        "{client}: {objective} {place} is back at {value}",
        "{client} : {objective} {place} est revenu à {value}",
    ),
    AlertEvent.RISK_OPENED: Text(
        "{client}: {objective} {place} is at risk at {value}, {target} was promised",
        "{client} : {objective} {place} est menacé à {value}, {target} promis",
    ),
    AlertEvent.RISK_RESOLVED: Text(
        "{client}: {objective} {place} is no longer at risk, it is at {value}",
        "{client} : {objective} {place} n'est plus menacé : {value}",
    ),
    AlertEvent.FEED_SILENT: Text(
        "{client}: no {channel} facts arrive in opening hours, its figures cannot be measured",
        "{client} : plus aucun fait sur {channel} en heures d'ouverture, rien ne peut être mesuré",
    ),
    AlertEvent.FEED_RESUMED: Text(
        "{client}: {channel} facts arrive again",
        "{client} : les faits sur {channel} arrivent de nouveau",
    ),
}
WITHDRAWN = Text(
    "{client}: {objective} {place} is no longer promised",
    "{client} : {objective} {place} n'est plus promis",
)
UNWATCHED = Text(
    "{client}: nobody is told of risks of {objective} {place} any more",
    "{client} : plus personne n'est averti des risques de {objective} {place}",
)
CAME_TO_IT = Text(
    "{client}: {objective} {place} is no longer at risk but missed, at {value}",
    "{client} : {objective} {place} n'est plus menacé mais manqué : {value}",
)
MANY_BEGIN = Text("{client}: {count} alerts at once", "{client} : {count} alertes à la fois")
MANY_END = Text("{client}: all {count} alerts are over", "{client} : les {count} alertes sont terminées")
TEST = Text("TEST, nothing is wrong: {title}", "ESSAI, tout va bien : {title}")

IN_QUEUE = Text("in {queue}", "dans {queue}")
IN_ALL = Text("in all queues", "dans toutes les files")
AT_LEAST = Text("at least {bound}", "au moins {bound}")
AT_MOST = Text("at most {bound}", "au plus {bound}")

SECONDS = Text("{count:number} s", "{count:number} s")
POINTS = Text("{count:number} points", "{count:number} points")

WINDOWS = {
    "interval 15m": Text("in a quarter of an hour", "sur un quart d'heure"),
    "interval 30m": Text("in half an hour", "sur une demi-heure"),
    "interval 1h": Text("in an hour", "sur une heure"),
    "day": Text("in the day", "sur la journée"),
    "week": Text("in the week", "sur la semaine"),
    "month": Text("in the month", "sur le mois"),
    "quarter": Text("in the quarter", "sur le trimestre"),
    "year": Text("in the year", "sur l'année"),
    "fiscal month": Text("in the fiscal month", "sur le mois d'exercice"),
}
ROLLING = Text("over a rolling period of {length:duration}", "sur une période glissante de {length:duration}")

PROMISED = Text("Promised", "Promis")
PROMISED_IS = Text("{target} {window}", "{target} {window}")
NOW = Text("Now", "Actuellement")
SINCE = Text("Since", "Depuis")
SINCE_IS = Text("{at:moment} ({zone})", "{at:moment} ({zone})")
CONTACTS = Text("Contacts", "Contacts")
CONTACTS_ARE = Text("{sample:number} in the period", "{sample:number} dans la période")
WAITING = Text("{waiting:number} waiting", "{waiting:number} en attente")
RECOVERY = Text("To recover", "Pour y revenir")
KEEPING = Text("To keep it", "Pour s'y tenir")
IN_A_ROW = Text(
    "{count:number} good contacts in a row, if none leaves the period",
    "{count:number} bons contacts de suite, si aucun ne sort de la période",
)
RATE_NEEDED = Text(
    "{rate} on the {expected:number} contacts that are still expected",
    "{rate} sur les {expected:number} contacts encore attendus",
)
OUT_OF_REACH = Text("not possible any more in this period", "ce n'est plus possible dans cette période")
SEVERITY = Text("Severity", "Gravité")
BOARD = Text("Open the board", "Ouvrir le tableau")
