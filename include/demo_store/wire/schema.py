"""The SOAP methods of the shop, written once: WSDL, permissions and answers derive from this table.

Parameters carry their names of standard mode; `wsi.py` knows those that WS-I names otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

from include.demo_store.wire.types import ARRAYS, BASIC, TYPES, Field

__all__ = ["ARRAYS", "BASIC", "METHODS", "TYPES", "Field", "Method"]


class Method(NamedTuple):
    """One SOAP method: its request parts and the name and type of its one response part."""

    name: str
    parts: tuple[Field, ...]
    result: Field
    resource: str | None = None
    """The permission it needs; None for everybody."""
    messages: str | None = None
    """The method whose messages the standard WSDL uses for this one."""

    @property
    def of_bridge(self) -> bool:
        """Whether the Oro bridge brings it."""
        return self.name.startswith(("oro", "newsletter"))


_SESSION = Field("sessionId", "string")
_FILTERS = Field("filters", "filters")
_PAGER = Field("pager", "pager")
_CUSTOMER_ID = Field("customerId", "int")
_ADDRESS_ID = Field("addressId", "int")
_STORE_ID = Field("storeId", "string")
_CART = (_SESSION, Field("quoteId", "int"))
_STORE_VIEW = Field("storeView", "string")
_ATTRIBUTES = Field("attributes", "ArrayOfString")
_NUMBER = Field("orderIncrementId", "string")


def _result(type_: str, name: str = "result") -> Field:
    return Field(name, type_)


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("login", (Field("username", "string"), Field("apiKey", "string")), Field("loginReturn", "string")),
        Method("endSession", (_SESSION,), Field("endSessionReturn", "boolean")),
        Method("magentoInfo", (_SESSION,), _result("magentoInfoEntity", "info")),
        Method("storeList", (_SESSION,), _result("storeEntityArray", "stores")),
        Method("customerGroupList", (_SESSION,), _result("customerGroupEntityArray"), "customer"),
        Method("customerCustomerList", (_SESSION, _FILTERS),
               _result("customerCustomerEntityArray", "storeView"), "customer"),
        Method("customerCustomerInfo", (_SESSION, _CUSTOMER_ID, _ATTRIBUTES),
               _result("customerCustomerEntity", "customerInfo"), "customer"),
        Method("customerCustomerUpdate",
               (_SESSION, _CUSTOMER_ID, Field("customerData", "customerCustomerEntityToCreate")),
               _result("boolean"), "customer"),
        Method("customerCustomerCreate", (_SESSION, Field("customerData", "customerCustomerEntityToCreate")),
               _result("int"), "customer"),
        Method("customerAddressCreate", (_SESSION, _CUSTOMER_ID, Field("addressData", "customerAddressEntityCreate")),
               _result("int"), "customer"),
        Method("customerAddressUpdate", (_SESSION, _ADDRESS_ID, Field("addressData", "customerAddressEntityCreate")),
               _result("boolean", "info"), "customer"),
        Method("customerAddressDelete", (_SESSION, _ADDRESS_ID), _result("boolean", "info"), "customer"),
        Method("salesOrderAddComment",
               (_SESSION, _NUMBER, Field("status", "string"), Field("comment", "string"), Field("notify", "string")),
               _result("boolean"), "order"),
        Method("salesOrderHold", (_SESSION, _NUMBER), _result("boolean"), "order"),
        Method("salesOrderUnhold", (_SESSION, _NUMBER), _result("boolean"), "order"),
        Method("salesOrderCancel", (_SESSION, _NUMBER), _result("boolean"), "order"),
        Method("newsletterSubscriberCreate", (_SESSION, Field("subscriberData", "newsletterSubscriberEntity")),
               _result("newsletterSubscriberEntity"), "newsletter"),
        Method("newsletterSubscriberUpdate",
               (_SESSION, Field("subscriberId", "int"), Field("subscriberData", "newsletterSubscriberEntity")),
               _result("newsletterSubscriberEntity"), "newsletter"),
        Method("customerAddressList", (_SESSION, _CUSTOMER_ID), _result("customerAddressEntityArray"), "customer"),
        Method("salesOrderList", (_SESSION, _FILTERS), _result("salesOrderListEntityArray"), "order"),
        Method("salesOrderInfo", (_SESSION, _NUMBER), _result("salesOrderEntity"), "order"),
        Method("salesOrderCreditmemoList", (_SESSION, _FILTERS), _result("salesOrderCreditmemoEntityArray"), "order"),
        Method("salesOrderCreditmemoInfo", (_SESSION, Field("creditmemoIncrementId", "string")),
               _result("salesOrderCreditmemoEntity"), "order"),
        Method("salesOrderInvoiceList", (_SESSION, _FILTERS), _result("salesOrderInvoiceEntityArray"), "order"),
        Method("salesOrderInvoiceInfo", (_SESSION, Field("invoiceIncrementId", "string")),
               _result("salesOrderInvoiceEntity"), "order"),
        Method("salesOrderShipmentList", (_SESSION, _FILTERS), _result("salesOrderShipmentEntityArray"), "order"),
        Method("salesOrderShipmentInfo", (_SESSION, Field("shipmentIncrementId", "string")),
               _result("salesOrderShipmentEntity"), "order"),
        Method("shoppingCartInfo", (_SESSION, Field("quoteId", "int"), Field("storeId", "string")),
               _result("shoppingCartInfoEntity"), "cart"),
        Method("shoppingCartCreate", (_SESSION, _STORE_ID), _result("int", "quoteId"), "cart"),
        Method("shoppingCartOrder", (*_CART, _STORE_ID, Field("licenses", "ArrayOfString")), _result("string"), "cart"),
        Method("shoppingCartTotals", (*_CART, _STORE_ID), _result("shoppingCartTotalsEntityArray"), "cart"),
        Method("shoppingCartLicense", (*_CART, _STORE_ID), _result("shoppingCartLicenseEntityArray"), "cart"),
        *(Method(f"shoppingCartProduct{verb}",
                 (*_CART, Field("products", "shoppingCartProductEntityArray"), _STORE_ID), _result("boolean"), "cart")
          for verb in ("Add", "Update", "Remove")),
        Method("shoppingCartCustomerSet", (*_CART, Field("customer", "shoppingCartCustomerEntity"), _STORE_ID),
               _result("boolean"), "cart"),
        Method("shoppingCartCustomerAddresses",
               (*_CART, Field("customer", "shoppingCartCustomerAddressEntityArray"), _STORE_ID),
               _result("boolean"), "cart"),
        Method("shoppingCartShippingList", (*_CART, _STORE_ID),
               _result("shoppingCartShippingMethodEntityArray"), "cart"),
        Method("shoppingCartShippingMethod", (*_CART, Field("method", "string"), _STORE_ID),
               _result("boolean"), "cart"),
        Method("shoppingCartPaymentList", (*_CART, Field("store", "string")),
               _result("shoppingCartPaymentMethodResponseEntityArray"), "cart"),
        Method("shoppingCartPaymentMethod", (*_CART, Field("method", "shoppingCartPaymentMethodEntity"), _STORE_ID),
               _result("boolean"), "cart"),
        Method("shoppingCartCouponAdd", (*_CART, Field("couponCode", "string"), _STORE_ID),
               _result("boolean"), "cart"),
        Method("shoppingCartCouponRemove", (*_CART, _STORE_ID), _result("boolean"), "cart"),
        Method("catalogProductList", (_SESSION, _FILTERS, _STORE_VIEW),
               _result("catalogProductEntityArray", "storeView"), "product"),
        Method("catalogProductInfo",
               (_SESSION, Field("productId", "string"), _STORE_VIEW,
                Field("attributes", "catalogProductRequestAttributes"), Field("identifierType", "string")),
               _result("catalogProductReturnEntity", "info"), "product"),
        Method("catalogCategoryTree", (_SESSION, Field("parentId", "string"), _STORE_VIEW),
               _result("catalogCategoryTree", "tree"), "product"),
        Method("catalogInventoryStockItemList", (_SESSION, Field("products", "ArrayOfString")),
               _result("catalogInventoryStockItemEntityArray"), "product"),
        Method("directoryCountryList", (_SESSION,), _result("directoryCountryEntityArray", "countries")),
        Method("directoryRegionList", (_SESSION, Field("country", "string")),
               _result("directoryRegionEntityArray", "countries")),
        Method("newsletterSubscriberList", (_SESSION, _FILTERS, _PAGER),
               _result("newsletterSubscriberEntityArray"), "newsletter"),
        Method("oroPing", (_SESSION,), _result("oroPingResponse")),
        Method("oroWebsiteList", (_SESSION,), _result("oroWebsiteEntityArray")),
        Method("oroCustomerList", (_SESSION, _FILTERS, _PAGER), _result("oroCustomerEntityArray"), "customer"),
        Method("oroOrderList", (_SESSION, _FILTERS, _PAGER), _result("salesOrderEntityArray"), "order"),
        Method("oroOrderInfo", (_SESSION, _NUMBER), _result("salesOrderEntity"), "order", messages="salesOrderInfo"),
        Method("oroCustomerInfo", (_SESSION, _CUSTOMER_ID, _ATTRIBUTES), _result("oroCustomerEntity"), "customer"),
        Method("oroQuoteList", (_SESSION, _FILTERS, _PAGER), _result("salesQuoteEntityArray"), "cart"),
        Method("oroRegionList", (_SESSION, _FILTERS, _PAGER), _result("oroRegionEntityArray")),
    )
}  # fmt: skip
