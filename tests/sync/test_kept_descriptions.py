from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from include.sync.great_expectations_import import quieten
from include.sync.kept_descriptions import descriptions_kept


@pytest.fixture
def expect() -> Any:
    """Makes one kind of expectation."""
    quieten()
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToNotBeNull


def test_an_expectation_is_described_and_read_once_for_that_long(expect: Any) -> None:
    one = expect(column="a")
    with descriptions_kept():
        description = one.configuration
        assert one.configuration is description
        assert description.to_domain_obj() is description.to_domain_obj()
    assert one.configuration is not description
    assert description.to_domain_obj() is not description.to_domain_obj()


def test_expectations_that_are_equal_keep_descriptions_of_their_own(expect: Any) -> None:
    with descriptions_kept():
        described = [expect(column="a").configuration for _ in range(50)]
        assert len({id(description) for description in described}) == 50
        assert expect(column="b").configuration.kwargs == {"column": "b"}


def test_nothing_is_kept_from_one_validation_to_the_next(expect: Any) -> None:
    one = expect(column="a")
    with descriptions_kept():
        before = one.configuration
    one.column = "b"
    with descriptions_kept():
        assert one.configuration is not before
        assert one.configuration.kwargs == {"column": "b"}


def metric(name: str) -> Any:
    from great_expectations.validator.metric_configuration import MetricConfiguration

    return MetricConfiguration(metric_name=name, metric_domain_kwargs={"column": "a"})


def graph_of(*metrics: Any) -> Any:
    """What Great Expectations makes of metrics."""
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.validator.validation_graph import ValidationGraph

    frame = pd.DataFrame({"a": ["1"]})
    graph = ValidationGraph(execution_engine=PandasExecutionEngine(batch_data_dict={"one": frame}))
    for one in metrics:
        graph.build_metric_dependency_graph(one)
    return graph


def test_a_metric_is_walked_to_once_and_the_graph_is_the_same(expect: Any) -> None:
    names = ("column_values.nonnull.unexpected_count", "column_values.nonnull.unexpected_count")
    plain, (one, again) = graph_of(*map(metric, names)), map(metric, names)
    with descriptions_kept():
        kept = graph_of(one, again)
    assert [edge.id for edge in kept.edges] == [edge.id for edge in plain.edges]
    assert again.metric_dependencies is one.metric_dependencies
    assert len(one.metric_dependencies) > 1


@pytest.mark.parametrize("value", [None, 1, True, "text", 1.5, float("nan"), (1, None), {"b": None}])
def test_a_metric_is_known_by_the_same_id(expect: Any, value: object) -> None:
    from great_expectations.core.id_dict import IDDict

    kwargs = IDDict({"column": "a", "value": value})
    known = kwargs.to_id()
    with descriptions_kept():
        assert kwargs.to_id() == known
