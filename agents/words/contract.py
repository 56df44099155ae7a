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
#: Of several channels that are counted together.
CONTACT, CONTACTS = Text("contact", "contact"), Text("contacts", "contacts")

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
            By(
                "fiscal_month_begins",
                {LEFT_OUT: ()},
                otherwise=Text(
                    "A fiscal month begins on day {fiscal_month_begins} of each month.",
                    "Un mois d'exercice commence le {fiscal_month_begins} de chaque mois.",
                ),
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
                "What is to be done is not forgotten until {open_for:duration} after it was asked for.",
                "Ce qui reste à faire n'est pas oublié avant {open_for:duration} après la demande.",
            ),
            Text(
                "After {silence:duration} of opening hours in which nothing is heard, nothing is judged.",
                "Après {silence:duration} d'ouverture sans aucune transmission, rien n'est évalué.",
            ),
            Text(
                "While what is heard lies back more than {alert_horizon:duration}, nobody is told of it.",
                "Tant que ce qui est transmis date de plus de {alert_horizon:duration}, personne n'est alerté.",
            ),
            Text(
                "Unless said otherwise, a figure is final {lateness:duration} after the end of its window: what "
                "changes it later is told as an adjustment.",
                "Sauf mention contraire, une valeur est définitive {lateness:duration} après la fin de sa "
                "période : ce qui la change ensuite donne lieu à un ajustement.",
            ),
        ),
    ),
)

#: Times that were agreed not to count.
EXCLUDED = Text("Excluded", "Exclusions")
EXCLUDED_ARE = Text(
    "what falls within these times is counted apart, and nobody is alerted.",
    "ce qui relève de ces périodes est compté à part, et personne n'est alerté.",
)
EXCLUSION: Said = By(
    "queues",
    {
        "all": Text(
            "From {from_:moment} to {to:moment}: {reason}. Agreed by {approved_by}.",
            "Du {from_:moment} au {to:moment} : {reason}. Accord de {approved_by}.",
        )
    },
    otherwise=Text(
        "From {from_:moment} to {to:moment}, for {queues:listed}: {reason}. Agreed by {approved_by}.",
        "Du {from_:moment} au {to:moment}, pour {queues:listed} : {reason}. Accord de {approved_by}.",
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
            "{target}, for {channel_names} in all queues.",
            "{target}, pour les {channel_names} de toutes les files.",
        ),
        "one": Text(
            "{target}, for {channel_names} in the queue {queue_names}.",
            "{target}, pour les {channel_names} de la file {queue_names}.",
        ),
    },
    otherwise=Text(
        "{target}, for {channel_names} in the queues {queue_names}.",
        "{target}, pour les {channel_names} des files {queue_names}.",
    ),
)

#: Of whom an objective is, if not of everybody.
ONLY: Said = (
    By(
        "priorities",
        {LEFT_OUT: ()},
        otherwise=Text("Only of the priority {priorities:either}.", "Seulement de priorité {priorities:either}."),
    ),
    By(
        "languages",
        {LEFT_OUT: ()},
        otherwise=Text("Only in the language {languages:either}.", "Seulement en langue {languages:either}."),
    ),
    By(
        "tags",
        {LEFT_OUT: ()},
        otherwise=Text("Only with the tag {tags:either}.", "Seulement avec l'étiquette {tags:either}."),
    ),
)

#: How a longer window is made of its intervals.
AGGREGATED: Said = By(
    "aggregation",
    {
        "occurrences": (),
        "time_slices": Text(
            "Over longer windows of the calendar, the value is the share of their intervals ({interval_name}) "
            "that met the target; promised is {intervals_promised}. What the rest of such a window must reach is "
            "said of intervals, too.",
            "Sur les périodes plus longues du calendrier, la valeur est la part de leurs intervalles "
            "({interval_name}) qui tiennent l'engagement ; il en est promis {intervals_promised}. Ce que le reste "
            "d'une telle période doit atteindre est dit en intervalles lui aussi.",
        ),
        "mean_of_intervals": Text(
            "Over longer windows of the calendar, the value is the mean of the values of their intervals "
            "({interval_name}), each of the same weight.",
            "Sur les périodes plus longues du calendrier, la valeur est la moyenne de celles de leurs intervalles "
            "({interval_name}), chacun de même poids.",
        ),
    },
)
CERTAIN: Said = By(
    "confidence",
    {LEFT_OUT: ()},
    otherwise=Text(
        "The target is missed only where chance does not explain it, with a confidence of {confidence:share}.",
        "L'engagement n'est manqué que si le hasard ne l'explique pas, avec un niveau de confiance de "
        "{confidence:share}.",
    ),
)
FINAL: Said = By(
    "finalise_after",
    {LEFT_OUT: ()},
    otherwise=Text(
        "The figure is final {finalise_after:duration} after the end of its window.",
        "La valeur est définitive {finalise_after:duration} après la fin de sa période.",
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
    "quarter": Text("each quarter of a year", "par trimestre"),
    "year": Text("each year", "par an"),
    "fiscal month": Text("each fiscal month", "par mois d'exercice"),
}
ROLLING = Text("a rolling period of {length:duration}", "sur une période glissante de {length:duration}")

NO_ALERT = Text("none.", "aucune.")
SEVERITIES = {
    "critical": Text("critical", "critique"),
    "error": Text("error", "erreur"),
    "warning": Text("warning", "avertissement"),
    "info": Text("information", "information"),
}
_RAISED_BY_TARGET = By(
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
)
_RAISED_BY_BURN_RATE = (
    Text(
        "It is raised when what may go wrong is used up more than {burn_rate.factor:number} times as fast as the "
        "target allows, both in that window and over {burn_over}.",
        "Elle est déclenchée quand la tolérance est consommée plus de {burn_rate.factor:number} fois plus vite "
        "que l'engagement ne le permet, à la fois dans cette période et {burn_over}.",
    ),
    By(
        "breach_after",
        {LEFT_OUT: ()},
        otherwise=Text(
            "It must have been so for {breach_after:duration}.",
            "Il faut que cela dure depuis {breach_after:duration}.",
        ),
    ),
)
ALERTED: Said = (
    Text("{severity_name}, watched over {window_name}.", "{severity_name}, surveillée {window_name}."),
    By("burn_rate", {LEFT_OUT: _RAISED_BY_TARGET}, otherwise=_RAISED_BY_BURN_RATE),
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
    By(
        "at_risk_after",
        {LEFT_OUT: ()},
        otherwise=Text(
            "A warning comes when the target has been at risk for {at_risk_after:duration}.",
            "Un avertissement vient quand l'engagement est menacé depuis {at_risk_after:duration}.",
        ),
    ),
    By(
        "crossing_soon",
        {LEFT_OUT: ()},
        otherwise=Text(
            "It tells how many will have waited too long within {crossing_soon:duration}.",
            "Elle indique combien auront trop attendu d'ici {crossing_soon:duration}.",
        ),
    ),
    By(
        "due_soon",
        {LEFT_OUT: ()},
        otherwise=Text(
            "It tells how many fall due within {due_soon:duration}.",
            "Elle indique combien arrivent à échéance d'ici {due_soon:duration}.",
        ),
    ),
)
