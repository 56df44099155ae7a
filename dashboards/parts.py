"""What boards are made of: the frame, variables, links, questions to Prometheus, and panels with their words."""

from typing import NamedTuple, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    heatmap,
    prometheus,
    stat,
    statetimeline,
    statushistory,
    table,
    timeseries,
)
from grafana_foundation_sdk.builders.common import ReduceDataOptions, VizLegendOptions, VizTooltipOptions
from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    Dashboard,
    DashboardLink,
    DatasourceVariable,
    QueryVariable,
)
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    DataSourceRef,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.look import VERMILLION

TAG = "sla-stream"
SOURCE = DataSourceRef("prometheus", "${datasource}")

#: What the variables of a board about promises choose.
CHOSEN = 'client=~"$client",contract=~"$contract",channel=~"$channel",queue=~"$queue"'

Panel = TypeVar(
    "Panel",
    bargauge.Panel,
    heatmap.Panel,
    stat.Panel,
    statetimeline.Panel,
    statushistory.Panel,
    table.Panel,
    timeseries.Panel,
)


class Words(NamedTuple):
    """What a panel says of itself, the unit of its figures, and its place: of 24 columns, and rows."""

    title: str
    description: str
    unit: str
    span: int = 12
    height: int = 8


def frame(uid: str, title: str, description: str, since: str) -> Dashboard:
    """A board without panels. `since` is the time that it shows, like now-6h."""
    return (
        Dashboard(title)
        .uid(uid)
        .description(description)
        .tags([TAG])
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .time(since, "now")
        .timezone("browser")
        .refresh("10s")
        .link(_others())
        .with_variable(_source())
    )


def choices(board: Dashboard) -> Dashboard:
    """Add the variables that choose promises, and mark the episodes of what is chosen."""
    chosen: list[str] = []
    for name in ("client", "contract", "channel", "queue"):
        board.with_variable(choice(name, f"sla_state_code{{{','.join(chosen)}}}" if chosen else "sla_state_code"))
        chosen.append(f'{name}=~"${name}"')
    return board.annotation(_episodes())


def choice(name: str, among: str) -> QueryVariable:
    """One, several or all of the values of a label. All queues together have none, so all is anything."""
    return (
        QueryVariable(name)
        .label(name.capitalize())
        .datasource(SOURCE)
        .query({"query": f"label_values({among}, {name})", "refId": name})
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(".*")
        .current(VariableOption(text=["All"], value=["$__all"]))
    )


def ask(expression: str, legend: str = "", ref: str = "A") -> prometheus.Dataquery:
    """How it went over the time shown."""
    query = prometheus.Dataquery().expr(expression).ref_id(ref).datasource(SOURCE).range()
    return query.legend_format(legend)


def ask_now(expression: str, legend: str = "", ref: str = "A") -> prometheus.Dataquery:
    """How it is."""
    query = prometheus.Dataquery().expr(expression).ref_id(ref).datasource(SOURCE).instant()
    return query.legend_format(legend)


def ask_rows(expression: str, ref: str) -> prometheus.Dataquery:
    """How it is, a row for each series."""
    return ask_now(expression, ref=ref).format(PromQueryFormat.TABLE)


def panel(kind: Panel, words: Words, *queries: prometheus.Dataquery) -> Panel:
    """Give a panel its words, its place and its questions."""
    return (
        kind.title(words.title)
        .description(words.description)
        .unit(words.unit)
        .span(words.span)
        .height(words.height)
        .datasource(SOURCE)
        .targets(list(queries))
    )


def lines(words: Words, *queries: prometheus.Dataquery) -> timeseries.Panel:
    """Figures over time, each with its name and its last value in words below."""
    legend = (
        VizLegendOptions()
        .display_mode(LegendDisplayMode.TABLE)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(show_legend=True)
        .calcs(["lastNotNull", "max"])
    )
    tooltip = VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)
    kind = timeseries.Panel().legend(legend).tooltip(tooltip).line_width(2).fill_opacity(8).min(0)
    return panel(kind, words, *queries)


def figure(words: Words, *queries: prometheus.Dataquery) -> stat.Panel:
    """One big figure for each series."""
    kind = (
        stat.Panel()
        .color_mode(BigValueColorMode.VALUE)
        .graph_mode(BigValueGraphMode.NONE)
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]).values(values=False))
    )
    return panel(kind, words, *queries)


def mark(name: str, expression: str, title: str, text: str) -> AnnotationQuery:
    """A stretch over every graph for as long as a series is there."""
    return (
        AnnotationQuery()
        .name(name)
        .datasource(SOURCE)
        .enable(enable=True)
        .icon_color(VERMILLION)
        .expr(expression)
        .step("30s")
        .title_format(title)
        .text_format(text)
    )


def _source() -> DatasourceVariable:
    return (
        DatasourceVariable("datasource")
        .label("Data source")
        .type("prometheus")
        .current(VariableOption(text="Prometheus", value="prometheus"))
    )


def _others() -> DashboardLink:
    """To the other boards, with the same choices and the same time."""
    return (
        DashboardLink("Boards")
        .type(DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .as_dropdown(as_dropdown=False)
        .include_vars(include_vars=True)
        .keep_time(keep_time=True)
        .icon("external link")
        .tooltip("The other boards, with the same choices")
    )


def _episodes() -> AnnotationQuery:
    """From the beginning to the end, of what is chosen; a silent feed is an episode that has only a channel."""
    begun = f'sla_episode_begin_timestamp_seconds{{phase="open",{CHOSEN}}}'
    expression = f"max by (client, contract, channel, objective, queue, kind) ({begun})"
    return mark(
        "Episodes", expression, "{{kind}}: {{channel}} {{objective}} {{queue}}", "{{client}}, {{contract}}"
    )
