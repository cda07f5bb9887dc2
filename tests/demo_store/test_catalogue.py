"""Products, categories, stock, countries and regions fit what orders and addresses say."""

from __future__ import annotations

from typing import Any

from include.demo_store.generate.directory import COUNTRIES, REGIONS
from include.demo_store.generate.names import REGIONS as TYPED
from include.demo_store.generate.products import GONE


def test_what_was_sold_is_in_the_catalogue_but_for_what_was_deleted(call: Any, store: Any) -> None:
    listed = call("catalogProductList")
    ids = listed.texts("product_id")
    assert ids == [product.row["product_id"] for product in store.shop.products()]
    sold = {line["product_id"] for order in store.shop.orders() for line in order.items}
    assert {int(number) for number in sold - {*ids}} == GONE
    skus = dict(zip(ids, listed.texts("sku"), strict=True))
    for order in store.shop.orders():
        for line in order.items:
            if line["product_type"] not in ("configurable", "bundle") and line["product_id"] in skus:
                assert line["sku"] == skus[line["product_id"]]


def test_products_change_with_time_and_are_filtered_by_date(call: Any, store: Any) -> None:
    rows = [product.row for product in store.shop.products()]
    since = sorted(row["updated_at"] for row in rows)[-5]
    found = call.listed("catalogProductList", ("updated_at", "from", since))
    assert found.texts("product_id") == [row["product_id"] for row in rows if row["updated_at"] >= since]
    types = call.listed("catalogProductList", ("type", "eq", "bundle"))
    assert set(types.texts("type")) == {"bundle"}


def test_a_product_is_found_by_id_and_by_sku(call: Any) -> None:
    by_id = call("catalogProductInfo", "<productId>41</productId>").root
    by_sku = call(
        "catalogProductInfo", "<productId>NW-41</productId><identifierType>sku</identifierType>"
    ).root
    assert by_id.findtext(".//name") == by_sku.findtext(".//name") == "Conf Tee"
    assert by_id.findtext(".//created_at")[10] == "T"
    for number in ("99999", *map(str, GONE)):
        assert call("catalogProductInfo", f"<productId>{number}</productId>").fault == (
            "101",
            "Product not exists.",
        )


def test_products_hang_below_categories_that_exist(call: Any, store: Any) -> None:
    tree = call("catalogCategoryTree", "<parentId>1</parentId>").root
    ids = {element.text for element in tree.iterfind(".//category_id")}
    used = {number for product in store.shop.products() for number in product.category_ids}
    assert used <= ids
    assert call("catalogCategoryTree", "<parentId>99</parentId>").fault[0] == "102"
    below = call("catalogCategoryTree", "<parentId>3</parentId>").root
    assert [element.text for element in below.iterfind(".//children//category_id")] == ["5", "6"]


def test_stock_is_given_for_ids_and_skus_that_exist(call: Any) -> None:
    asked = "<products><item>3</item><item>NW-001</item><item>99999</item></products>"
    answer = call("catalogInventoryStockItemList", asked)
    assert answer.texts("product_id") == ["1", "3"]
    assert call("catalogInventoryStockItemList", "<products/>").rows == []


def test_every_region_an_address_names_is_in_the_directory(call: Any, store: Any) -> None:
    regions = {row.findtext("region_id"): row.findtext("name") for row in call("oroRegionList").rows}
    cards = [card for customer in store.shop.customers() for card in customer.addresses]
    named = {(card["region_id"], card["region"]) for card in cards if card["region_id"]}
    assert named
    assert all(regions[number] == name for number, name in named)
    listed = {(region.country, region.region_id): region.name for region in REGIONS}
    assert all(listed[country, number] == name for country, known in TYPED.items() for number, name in known)


def test_regions_are_paged_and_given_by_country(call: Any) -> None:
    every = call("oroRegionList").texts("region_id")
    pages = [call.listed("oroRegionList", page=page, size=50).texts("region_id") for page in (1, 2, 3)]
    assert [number for page in pages for number in page] == every == sorted(every, key=int)
    german = call("directoryRegionList", "<country>DE</country>")
    assert len(german.rows) == 16
    assert call("directoryRegionList", "<country>DEU</country>").texts("code") == german.texts("code")
    assert call("directoryRegionList", "<country>GB</country>").rows == []
    assert call("directoryRegionList", "<country>XX</country>").fault == ("101", "Country not exists.")


def test_every_country_an_address_names_is_in_the_directory(call: Any, store: Any) -> None:
    codes = {*call("directoryCountryList").texts("country_id")}
    cards = [card for customer in store.shop.customers() for card in customer.addresses]
    assert {card["country_id"] for card in cards} <= codes
    assert len({iso3 for _, iso3, _ in COUNTRIES}) == len(codes)
