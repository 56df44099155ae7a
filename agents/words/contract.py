"""The words of a contract around its measures: hours, windows, targets, alerts."""

from agents.words.frame import LEFT_OUT, By, Said, Text

#: What is counted, by channel: "contacts" and "contact" in the texts of measures. All are masculine in French.
ONE = {
    "voice": Text("call", "appel"),
    "chat": Text("chat", "chat"),
    "email": Text("e-mail", "e-mail"),
    "ticket": Text("ticket", "ticket"),
}
MANY = {
    "voice": Text("calls", "appels"),
    "chat": Text("chats", "chats"),
    "email": Text("e-mails", "e-mails"),
    "ticket": Text("tickets", "tickets"),
}

PROMISED_TO = Text("What is promised to {client}", "Engagements envers {client}")
EFFECTIVE = Text("From {day:day} on", "À compter du {day:day}")
HEADING = Text("{number}. {measure}: {name}", "{number}. {measure} : {name}")

#: What holds for the contract as a whole.
HEAD: tuple[tuple[Text, Said], ...] = (
    (
        Text("Hours", "Horaires"),
        (
            Text("{hours}, by the clock of {time_zone}.", "{hours}. Fuseau horaire : {time_zone}."),
            Text(
                "Days, weeks and months begin at midnight by it.",
                "Jours, semaines et mois commencent à minuit dans ce fuseau.",
            ),
        ),
    ),
    (
        Text("Data", "Données"),
        (
            Text(
                "What is heard of more than {lateness:duration} late is not counted.",
                "Ce qui est transmis avec plus de {lateness:duration} de retard n'est pas compté.",
            ),
            Text(
                "After {silence:duration} of opening hours in which nothing is heard, nothing is judged.",
                "Après {silence:duration} d'ouverture sans aucune transmission, rien n'est évalué.",
            ),
            Text(
                "While what is heard lies back more than {alert_horizon:duration}, nobody is told of it.",
                "Tant que ce qui est transmis date de plus de {alert_horizon:duration}, personne n'est alerté.",
            ),
        ),
    ),
)

PROMISED, COUNTED, JUDGED, ALERT = (
    Text("Promised", "Engagement"),
    Text("Counted", "Calcul"),
    Text("Judged", "Évaluation"),
    Text("Alert", "Alerte"),
)

#: Of an objective that shares its measure with an earlier one.
COUNTED_AS = Text("as in {number}.", "comme au point {number}.")

#: A target by its side, and how a bound of each unit is written.
AT_LEAST, AT_MOST = Text("at least {bound}", "au moins {bound}"), Text("at most {bound}", "au plus {bound}")
BOUNDS = {
    "ratio": Text("{bound:share}", "{bound:share}"),
    "ms": Text("{bound:duration}", "{bound:duration}"),
    "points": Text("{bound:number} points", "{bound:number} points"),
    "score": Text("{bound:number}", "{bound:number}"),
}
WHERE: Said = By(
    "queues",
    {
        "all": Text(
            "{target}, for {contacts} in all queues.",
            "{target}, pour les {contacts} de toutes les files.",
        ),
        "one": Text(
            "{target}, for {contacts} in the queue {queue_names}.",
            "{target}, pour les {contacts} de la file {queue_names}.",
        ),
    },
    otherwise=Text(
        "{target}, for {contacts} in the queues {queue_names}.",
        "{target}, pour les {contacts} des files {queue_names}.",
    ),
)

JUDGED_OVER: Said = (
    By(
        "judge",
        {
            "together": Text(
                "all queues as one, over {window_names}.", "toutes les files ensemble, {window_names}."
            ),
            "each_queue": Text("each queue by itself, over {window_names}.", "chaque file seule, {window_names}."),
            "both": Text(
                "each queue by itself and all of them as one, over {window_names}.",
                "chaque file seule et toutes ensemble, {window_names}.",
            ),
        },
    ),
    By(
        "minimum_sample",
        {"1": Text("A window without {sampled} is not judged.", "Une période sans {sampled} n'est pas évaluée.")},
        otherwise=Text(
            "A window with fewer than {minimum_sample} {sampled} is not judged.",
            "Une période de moins de {minimum_sample} {sampled} n'est pas évaluée.",
        ),
    ),
)

WINDOWS = {
    "interval 15m": Text("each quarter of an hour", "par quart d'heure"),
    "interval 30m": Text("each half-hour", "par demi-heure"),
    "interval 1h": Text("each hour", "par heure"),
    "day": Text("each day", "par jour"),
    "week": Text("each week", "par semaine"),
    "month": Text("each month", "par mois"),
}
ROLLING = Text("a rolling period of {length:duration}", "sur une période glissante de {length:duration}")

NO_ALERT = Text("none.", "aucune.")
SEVERITIES = {
    "critical": Text("critical", "critique"),
    "error": Text("error", "erreur"),
    "warning": Text("warning", "avertissement"),
    "info": Text("information", "information"),
}
ALERTED: Said = (
    Text("{severity_name}, watched over {window_name}.", "{severity_name}, surveillée {window_name}."),
    By(
        "breach_after",
        {
            LEFT_OUT: Text(
                "It is raised as soon as the target is missed.",
                "Elle est déclenchée dès que l'engagement n'est plus tenu.",
            )
        },
        otherwise=Text(
            "It is raised when the target has been missed for {breach_after:duration}.",
            "Elle est déclenchée quand l'engagement n'est plus tenu depuis {breach_after:duration}.",
        ),
    ),
    By(
        "clear_at",
        {
            LEFT_OUT: By(
                "clear_after",
                {
                    LEFT_OUT: Text(
                        "It is over as soon as the target is kept again.",
                        "Elle est levée dès que l'engagement est de nouveau tenu.",
                    )
                },
                otherwise=Text(
                    "It is over when the target has been kept again for {clear_after:duration}.",
                    "Elle est levée quand l'engagement est de nouveau tenu depuis {clear_after:duration}.",
                ),
            )
        },
        otherwise=By(
            "clear_after",
            {
                LEFT_OUT: Text(
                    "It is over as soon as the value is {clear_target}.",
                    "Elle est levée dès que la valeur est d'{clear_target}.",
                )
            },
            otherwise=Text(
                "It is over when the value has been {clear_target} for {clear_after:duration}.",
                "Elle est levée quand la valeur est d'{clear_target} depuis {clear_after:duration}.",
            ),
        ),
    ),
)
