"""Every metric that a worker exports, as Prometheus has it, with the labels of its series."""

from collections.abc import Iterator

from agents.metric_page import described

#: What Prometheus itself adds to what it scrapes, and the bound of a bucket.
_ADDED = {"job", "instance", "le"}


def _exported() -> Iterator[tuple[str, set[str]]]:
    yield "up", _ADDED
    for one in described():
        labels = {*one.labels, *_ADDED}
        if one.kind == "histogram":
            yield from ((f"{one.name}_{part}", labels) for part in ("bucket", "sum", "count"))
        else:
            yield one.name, labels


EXPORTED = dict(_exported())
