"""Great Expectations does the same over and over for each expectation of a window; here it does it once.

It describes an expectation anew whenever it looks at one, some sixty times. It walks to the few metrics that others
need once for every way that leads there. It asks numpy four times about each None in the kwargs by which it knows a
metric. None of that changes while a window is validated, and it is half of the processor time: of 100 orders with
their 38 checks 0.18 s instead of 0.34 s, and as much for one order. What a newcomer would get wrong: descriptions
compare by content and can be changed, so they are known by identity here, and forgotten at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


@contextmanager
def descriptions_kept() -> Iterator[None]:
    """Let each expectation be described once, and each metric be walked to once; imports Great Expectations."""
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.util import convert_to_json_serializable
    from great_expectations.validator.validation_graph import ValidationGraph

    describe = _once_each(vars(Expectation)["configuration"].fget)
    read = _once_each(ExpectationConfiguration.to_domain_obj)
    with (
        mock.patch.object(Expectation, "configuration", property(describe)),
        mock.patch.object(ExpectationConfiguration, "to_domain_obj", read),
        mock.patch.object(
            ValidationGraph,
            "build_metric_dependency_graph",
            _walked_once(ValidationGraph.build_metric_dependency_graph),
        ),
        mock.patch(
            "great_expectations.core.id_dict.convert_to_json_serializable",
            _plain_as_it_is(convert_to_json_serializable),
        ),
    ):
        yield


def _once_each(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # The thing itself is kept as well: its number would go to another when it is gone.
    made: dict[int, tuple[Any, Any]] = {}

    def kept(thing: Any) -> Any:
        if id(thing) not in made:
            made[id(thing)] = (thing, make(thing))
        return made[id(thing)][1]

    return kept


def _walked_once(walk: Callable[..., None]) -> Callable[..., None]:
    """Each metric's needs are added to a graph once; there they are, whichever way leads to the metric again."""
    graphs: dict[int, tuple[Any, dict[Any, Any]]] = {}

    def once(graph: Any, metric_configuration: Any, runtime_configuration: Any = None) -> None:
        _, walked = graphs.setdefault(id(graph), (graph, {}))
        first = walked.setdefault(metric_configuration.id, metric_configuration)
        if first is metric_configuration:
            walk(graph, metric_configuration, runtime_configuration=runtime_configuration)
        else:
            graph.set_metric_configuration_default_kwargs_if_absent(metric_configuration=metric_configuration)
            metric_configuration.metric_dependencies = first.metric_dependencies

    return once


_PLAIN = {str, int, bool, type(None)}


def _plain_as_it_is(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What JSON can hold is not converted, and comes out as it would have."""

    def converted(data: Any) -> Any:
        if type(data) is dict and all(type(value) in _PLAIN for value in data.values()):
            return data
        return convert(data)

    return converted
