from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.reports.loading import REPORTS_FOLDER, get_report, load_reports
from include.segments.loading import SEGMENTS_FOLDER, load_segments
from tests.reports.conftest import EXAMPLE

Edit = Callable[[Path], None]


def replace(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    return edit


def write(file: str, content: bytes) -> Edit:
    return lambda folder: void((folder / file).write_bytes(content))


def void(_: object) -> None:
    return None


@pytest.mark.contract
def test_every_report_and_segment_of_the_project_is_accepted() -> None:
    reports, segments = load_reports(), load_segments()
    assert (reports.refused, segments.refused) == ((), ())
    assert set(reports.reports) == {path.name for path in REPORTS_FOLDER.iterdir()}
    assert set(segments.segments) == {path.name for path in SEGMENTS_FOLDER.iterdir() if path.name[0] != "_"}


BROKEN: dict[str, tuple[Edit, str]] = {
    "unknown_setting": (
        replace("report.yml", "freshness:", "freshnes:"),
        "line 8 is refused: freshnes is not known here; write freshness (1 more to mend)",
    ),
    "missing_setting": (replace("report.yml", "freshness: 1d\n", ""), "freshness is missing; add it"),
    "unknown_kind": (
        replace("report.yml", "kind: integer", "kind: integre"),
        "line 33 is refused: columns (entry 5).kind is not a kind of value; write integer",
    ),
    "amount_without_currency": (
        replace("report.yml", "    currency: base_currency_code\n", ""),
        "is an amount without a currency; give `currency`",
    ),
    "amount_with_another_ending": (
        replace("report.yml", "name: tax_amount", "name: tax"),
        "let its name end in _amount",
    ),
    "currency_of_no_column": (
        replace("report.yml", "currency: base_currency_code", "currency: currency_code"),
        "names currency_code, which is no column of it; write base_currency_code",
    ),
    "unknown_input": (
        replace("report.yml", "[orders, order_items, customers]", "[order]"),
        "crm does not have; write orders",
    ),
    "input_left_out": (
        replace("report.yml", "[orders, order_items, customers]", "[orders, customers]"),
        "query.sql is refused: it reads crm.order_items, which is none of the inputs",
    ),
    "unknown_subject": (
        replace("report.yml", "[order_created]", "[orders_created]"),
        "is nothing that windows record as touched; write order_created",
    ),
    "unit_that_does_not_fit": (replace("report.yml", "unit: day", "unit: key"), "write unit: day or month"),
    "not_incremental_without_reason": (
        replace("report.yml", "incremental: true", "incremental: false"),
        "say why",
    ),
    "setting_given_twice": (
        replace("report.yml", "freshness: 1d", "freshness: 1d\nfreshness: 2d"),
        "line 9 is refused: freshness is given twice; keep one of the two",
    ),
    "no_yaml": (replace("report.yml", "title: Daily sales", "title: [Daily"), "it is not valid YAML"),
    "not_utf8": (write("report.yml", b"\xff\xfe"), "the file is not UTF-8 text"),
    "empty": (write("report.yml", b""), "it is not a list of settings"),
    "no_query": (lambda folder: (folder / "query.sql").unlink(), "query.sql is refused: the file is missing"),
    "no_header": (
        replace("query.sql", "-- time zone:", "-- zone:"),
        "query.sql, line 2 is refused: the header is incomplete; begin this line with `-- time zone:`",
    ),
    "no_select": (replace("query.sql", "with orders as", "delete from orders as"), "it is not one SELECT"),
    "unknown_parameter": (
        replace("query.sql", "from order_lines\n", "from order_lines where :since\n"),
        "query.sql, line 24 is refused: :since is not a parameter; add it to `parameters`",
    ),
    "unknown_table": (
        replace("query.sql", "crm.order_lines_that_count", "crm.order_lines"),
        "crm.order_lines, which does",
    ),
    "check_without_severity": (write("checks.sql", b"select 1;"), "a statement has no severity"),
    "same_sentence_twice": (
        write("checks.sql", b"-- fail: Bad.\nselect 1;\n-- warn: Bad.\nselect 1;"),
        "two checks say 'Bad.'",
    ),
    "name_of_a_table_of_ours": (
        lambda folder: void(folder.rename(folder.parent / "complete_until")),
        "project's own",
    ),
    "name_that_is_no_name": (
        lambda folder: void(folder.rename(folder.parent / "Daily-Sales")),
        "no name for a table",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_folder_is_refused_with_file_and_mend_and_harms_no_other(tmp_path: Path, fault: str) -> None:
    edit, sentence = BROKEN[fault]
    shutil.copytree(EXAMPLE / "daily_sales", tmp_path / "healthy")
    edit(Path(shutil.copytree(EXAMPLE / "daily_sales", tmp_path / "broken")))

    found = load_reports(tmp_path)

    assert list(found.reports) == ["healthy"]
    [refusal] = found.refused
    assert sentence in refusal.sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "addresses: account",
            "addresses: acount",
            "line 6 is refused: addresses is no kind of member; write account",
        ),
        (
            "[email, first_name, last_name]",
            "[email, fist_name]",
            "lists fist_name, which is no personal column; write first_name",
        ),
        (
            "name: order_count",
            "name: company",
            "stores company, which is looked up when a file is written; list it under personal_columns",
        ),
        ("consent: newsletter", "consent: given", "line 7 is refused: consent is no basis of consent"),
        ("consent: newsletter", "consent: none", "exported without consent; say in consent_reason why"),
        ("consent: newsletter", "consent_reason: They bought.", "though consent is asked for; take"),
        ("profiles: [generic_csv]", "profiles: [klavio]", "is no profile; write klaviyo"),
        (
            "destinations: [export_root]",
            "destinations: [a/b]",
            "write export_root, or the id of an Airflow connection",
        ),
        ("consent: newsletter", "hold_out_pct: 100", "hold_out_pct must be less than 100"),
        ("consent: newsletter", "campaign_code: spring sale", "campaign_code cannot be used; write letters"),
        ("consent: newsletter", "channels: [US]", "write the code of a channel"),
        ("default: 2", "default: two", "has a default that is not of kind integer"),
        ("key: [channel_code, account_key]", "key: [order_count]", "write key: [channel_code, account_key]"),
        ("{minimum: 0, maximum: 10000000}", "{minimum: 3, maximum: 2}", "has a minimum above its maximum"),
        ("column: account_key", "column: order_count", "follows something else than its members"),
        ("name: minimum_order_count", "name: least", ":minimum_order_count is not a parameter"),
    ],
)
def test_broken_segment_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    replace("segment.yml", old, new)(
        Path(shutil.copytree(SEGMENTS_FOLDER / "repeat_customers", tmp_path / "broken"))
    )
    [refusal] = load_segments(tmp_path).refused
    assert sentence in refusal.sentence


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "broken/segment.yml",
            "rfm_label: champions",
            "label: champions",
            "sets label, which is no parameter of it",
        ),
        (
            "broken/segment.yml",
            "rfm_label: champions",
            "rfm_label: 5",
            "sets rfm_label to what is not of kind text",
        ),
        (
            "broken/segment.yml",
            "_by_rfm_label",
            "_by_rfm_lable",
            "line 1 is refused: based_on names no folder",
        ),
        (
            "_by_rfm_label/segment.yml",
            "kind: text",
            "kind: words",
            "broken/../_by_rfm_label/segment.yml, line 6 is refused: parameters (entry 1).kind is not a kind",
        ),
        ("_by_rfm_label/segment.yml", "_accounts", "_by_rfm_label", "_by_rfm_label is based on itself"),
        ("_by_rfm_label/members.sql", ":rfm_label", ":label", "broken/../_by_rfm_label/members.sql, line"),
        # What members.sql reads by name.
        (
            "_accounts/buyers.sql",
            ":now",
            ":today",
            "broken/../_accounts/buyers.sql, line 19 is refused: :today is",
        ),
        ("_accounts/buyers.sql", "report.customer_value", "report.sales_orders", "is none of the inputs"),
    ],
)
def test_segment_with_a_broken_base_is_refused_by_its_own_name(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    for name in ("_accounts", "_by_rfm_label", "repeat_customers"):
        shutil.copytree(SEGMENTS_FOLDER / name, tmp_path / name)
    shutil.copytree(SEGMENTS_FOLDER / "champions", tmp_path / "broken")
    edited = tmp_path / file
    edited.write_text(edited.read_text().replace(old, new))

    found = load_segments(tmp_path)

    assert list(found.segments) == ["repeat_customers"]
    [refusal] = found.refused
    assert refusal.name == "broken"
    assert sentence in refusal.sentence


def test_refused_or_unknown_report_is_named_when_asked_for(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "daily_sales", tmp_path / "broken")
    (tmp_path / "broken" / "checks.sql").unlink()
    with pytest.raises(ConfigError, match=r"broken/checks.sql is refused: the file is missing"):
        get_report("broken", tmp_path)
    with pytest.raises(ConfigError, match="did you mean daily_sales"):
        get_report("daily_sale")
