"""The SOAP types and methods of the shop, written once: WSDL and answers both derive from these tables.

The order of the fields is the order on the wire. A field is `name` (a string), `name:int` or another type of this
table; a type that ends in Array holds `<item>` elements.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One element of a type."""

    name: str
    type: str


class Method(NamedTuple):
    """One SOAP method: its request parts and the name and type of its one response part."""

    name: str
    parts: tuple[Field, ...]
    result: Field
    resource: str | None = None
    """The permission it needs; None for everybody."""

    @property
    def of_bridge(self) -> bool:
        """Whether the Oro bridge brings it."""
        return self.name.startswith("oro")


_BOTH_TOTALS = """
increment_id {a} store_id created_at updated_at {b} customer_id tax_amount shipping_amount discount_amount
subtotal grand_total total_paid total_refunded total_qty_ordered total_canceled total_invoiced
total_online_refunded total_offline_refunded
base_tax_amount base_shipping_amount base_discount_amount base_subtotal base_grand_total base_total_paid
base_total_refunded base_total_qty_ordered base_total_canceled base_total_invoiced base_total_online_refunded
base_total_offline_refunded billing_address_id billing_firstname billing_lastname shipping_address_id
shipping_firstname shipping_lastname billing_name shipping_name store_to_base_rate store_to_order_rate
base_to_global_rate base_to_order_rate weight store_name remote_ip status state applied_rule_ids global_currency_code
base_currency_code store_currency_code order_currency_code shipping_method shipping_description customer_email
customer_firstname customer_lastname quote_id is_virtual customer_group_id customer_note_notify customer_is_guest
email_sent order_id gift_message_id
"""

_TYPES = {
    "associativeEntity": "key value",
    "complexFilter": "key value:associativeEntity",
    "filters": "filter:associativeArray complex_filter:complexFilterArray",
    "pager": "page pageSize",
    "magentoInfoEntity": "magento_version magento_edition",
    "oroPingResponse": "version mage_version admin_url customer_scope:int",
    "storeEntity": "store_id:int code website_id:int group_id:int name sort_order:int is_active:int",
    "oroWebsiteEntity": "website_id:int code name sort_order:int default_group_id:int is_default:boolean",
    "customerGroupEntity": "customer_group_id:int customer_group_code",
    "customerCustomerEntity": """
        customer_id:int created_at updated_at increment_id store_id:int website_id:int created_in email firstname
        middlename lastname group_id:int prefix suffix dob taxvat confirmation:boolean password_hash""",
    "oroCustomerEntity": """
        customer_id:int created_at updated_at increment_id store_id:int website_id:int created_in email firstname
        middlename lastname group_id:int prefix suffix dob taxvat confirmation:boolean password_hash gender
        addresses:customerAddressEntityArray attributes:associativeArray""",
    "customerAddressEntityItem": """
        customer_address_id:int created_at updated_at increment_id city company country_id fax firstname lastname
        middlename postcode prefix region region_id:int street suffix telephone is_default_billing:boolean
        is_default_shipping:boolean attributes:associativeArray""",
    "salesOrderListEntity": _BOTH_TOTALS.format(a="", b="") + """
        coupon_code protect_code base_discount_canceled base_discount_invoiced base_discount_refunded
        base_shipping_canceled base_shipping_invoiced base_shipping_refunded base_shipping_tax_amount
        base_shipping_tax_refunded base_subtotal_canceled base_subtotal_invoiced base_subtotal_refunded
        base_tax_canceled base_tax_invoiced base_tax_refunded base_total_invoiced_cost discount_canceled
        discount_invoiced discount_refunded shipping_canceled shipping_invoiced shipping_refunded shipping_tax_amount
        shipping_tax_refunded subtotal_canceled subtotal_invoiced subtotal_refunded tax_canceled tax_invoiced
        tax_refunded can_ship_partially can_ship_partially_item edit_increment forced_do_shipment_with_invoice
        payment_authorization_expiration paypal_ipn_customer_notified quote_address_id adjustment_negative
        adjustment_positive base_adjustment_negative base_adjustment_positive base_shipping_discount_amount
        base_subtotal_incl_tax base_total_due payment_authorization_amount shipping_discount_amount
        subtotal_incl_tax total_due customer_dob customer_middlename customer_prefix customer_suffix customer_taxvat
        discount_description ext_customer_id ext_order_id hold_before_state hold_before_status original_increment_id
        relation_child_id relation_child_real_id relation_parent_id relation_parent_real_id x_forwarded_for
        customer_note total_item_count customer_gender hidden_tax_amount base_hidden_tax_amount
        shipping_hidden_tax_amount base_shipping_hidden_tax_amount hidden_tax_invoiced base_hidden_tax_invoiced
        hidden_tax_refunded base_hidden_tax_refunded shipping_incl_tax base_shipping_incl_tax
        firstname lastname telephone postcode""",
    "salesOrderEntity": _BOTH_TOTALS.format(a="parent_id", b="is_active") + """
        gift_message shipping_address:salesOrderAddressEntity billing_address:salesOrderAddressEntity
        items:salesOrderItemEntityArray payment:salesOrderPaymentEntity
        status_history:salesOrderStatusHistoryEntityArray coupon_code attributes:associativeArray""",
    "salesOrderAddressEntity": """
        increment_id parent_id created_at updated_at is_active address_type firstname middlename lastname company
        street city region postcode country_id telephone fax region_id address_id""",
    "salesOrderItemEntity": """
        item_id order_id quote_item_id created_at updated_at product_id product_type product_options weight is_virtual
        sku name applied_rule_ids free_shipping is_qty_decimal no_discount qty_canceled qty_invoiced qty_ordered
        qty_refunded qty_shipped cost price base_price original_price base_original_price tax_percent tax_amount
        base_tax_amount tax_invoiced base_tax_invoiced discount_percent discount_amount base_discount_amount
        discount_invoiced base_discount_invoiced amount_refunded base_amount_refunded row_total base_row_total
        row_invoiced base_row_invoiced row_weight gift_message_id gift_message gift_message_available
        base_tax_before_discount tax_before_discount weee_tax_applied weee_tax_applied_amount
        weee_tax_applied_row_amount base_weee_tax_applied_amount base_weee_tax_applied_row_amount
        weee_tax_disposition weee_tax_row_disposition base_weee_tax_disposition base_weee_tax_row_disposition""",
    "salesOrderPaymentEntity": """
        increment_id parent_id created_at updated_at is_active amount_ordered shipping_amount base_amount_ordered
        base_shipping_amount method po_number cc_type cc_number_enc cc_last4 cc_owner cc_exp_month cc_exp_year
        cc_ss_start_month cc_ss_start_year payment_id""",
    "salesOrderStatusHistoryEntity": """
        increment_id parent_id created_at updated_at is_active is_customer_notified status comment""",
}  # fmt: skip

TYPES: dict[str, tuple[Field, ...]] = {
    name: tuple(Field(part.partition(":")[0], part.partition(":")[2] or "string") for part in text.split())
    for name, text in _TYPES.items()
}

ARRAYS: dict[str, str] = {
    "associativeArray": "associativeEntity",
    "complexFilterArray": "complexFilter",
    "ArrayOfString": "string",
    "storeEntityArray": "storeEntity",
    "oroWebsiteEntityArray": "oroWebsiteEntity",
    "customerGroupEntityArray": "customerGroupEntity",
    "customerCustomerEntityArray": "customerCustomerEntity",
    "customerAddressEntityArray": "customerAddressEntityItem",
    "oroCustomerEntityArray": "oroCustomerEntity",
    "salesOrderListEntityArray": "salesOrderListEntity",
    "salesOrderEntityArray": "salesOrderEntity",
    "salesOrderItemEntityArray": "salesOrderItemEntity",
    "salesOrderStatusHistoryEntityArray": "salesOrderStatusHistoryEntity",
}
BASIC = ("string", "int", "boolean")

_SESSION = Field("sessionId", "string")
_FILTERS = Field("filters", "filters")
_PAGER = Field("pager", "pager")
_CUSTOMER_ID = Field("customerId", "int")


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
        Method("customerCustomerInfo", (_SESSION, _CUSTOMER_ID, Field("attributes", "ArrayOfString")),
               _result("customerCustomerEntity", "customerInfo"), "customer"),
        Method("customerAddressList", (_SESSION, _CUSTOMER_ID), _result("customerAddressEntityArray"), "customer"),
        Method("salesOrderList", (_SESSION, _FILTERS), _result("salesOrderListEntityArray"), "order"),
        Method("salesOrderInfo", (_SESSION, Field("orderIncrementId", "string")), _result("salesOrderEntity"), "order"),
        Method("oroPing", (_SESSION,), _result("oroPingResponse")),
        Method("oroWebsiteList", (_SESSION,), _result("oroWebsiteEntityArray")),
        Method("oroCustomerList", (_SESSION, _FILTERS, _PAGER), _result("oroCustomerEntityArray"), "customer"),
        Method("oroOrderList", (_SESSION, _FILTERS, _PAGER), _result("salesOrderEntityArray"), "order"),
    )
}  # fmt: skip
