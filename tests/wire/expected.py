"""Which column of the warehouse holds which element of the recorded XML: written by hand from the wire, not from the
entities, so that a wrong mapping there cannot hide here.
"""

from __future__ import annotations

from collections.abc import Mapping

Mapped = Mapping[str, str]


def pairs(lines: str) -> dict[str, str]:
    """`column element` a line; a line of one word is a column named like its element."""
    return {words[0]: words[-1] for line in lines.splitlines() if (words := line.split())}


def money(lines: str) -> dict[str, str]:
    """The same with each column's twin in base currency beside it."""
    return {f"{b}{c}": f"{b}{e}" for c, e in pairs(lines).items() for b in ("", "base_")}


WEBSITES: Mapped = pairs("""
    website_id
    website_code code
    website_name name
    sort_order
    default_group_id
    is_default
""")
STORES: Mapped = pairs("""
    store_id
    store_code code
    store_name name
    website_id
    group_id
    sort_order
    is_active
""")
CUSTOMER_GROUPS: Mapped = pairs("""
    customer_group_id
    customer_group_code
""")
CUSTOMERS: Mapped = pairs("""
    customer_id
    customer_number increment_id
    email
    name_prefix prefix
    first_name firstname
    middle_name middlename
    last_name lastname
    name_suffix suffix
    birth_date dob
    gender
    tax_number taxvat
    customer_group_id group_id
    website_id
    store_id
    created_in
    is_confirmation_pending confirmation
    source_created_at created_at
    source_updated_at updated_at
""")
ADDRESS: Mapped = pairs("""
    name_prefix prefix
    first_name firstname
    middle_name middlename
    last_name lastname
    name_suffix suffix
    company
    street
    city
    region
    region_id
    postcode
    country_code country_id
    telephone
    fax
    tax_number vat_id
""")
CUSTOMER_ADDRESSES: Mapped = {
    **ADDRESS,
    **pairs("""
    customer_address_id
    is_default_billing
    is_default_shipping
    source_created_at created_at
    source_updated_at updated_at
"""),
}
ORDER_ADDRESSES: Mapped = {**ADDRESS, **pairs("address_type\n order_address_id address_id\n email")}
ORDERS: Mapped = {
    **pairs("""
    order_id
    order_number increment_id
    customer_id
    store_id
    store_name
    cart_id quote_id
    state
    status
    is_virtual
    order_currency_code
    base_currency_code
    store_currency_code
    global_currency_code
    base_to_order_rate
    base_to_global_rate
    store_to_base_rate
    store_to_order_rate
    ordered_qty total_qty_ordered
    item_count total_item_count
    weight
    customer_email
    customer_prefix
    customer_first_name customer_firstname
    customer_middle_name customer_middlename
    customer_last_name customer_lastname
    customer_suffix
    customer_birth_date customer_dob
    customer_gender_code customer_gender
    customer_tax_number customer_taxvat
    customer_group_id
    remote_ip
    customer_note
    is_customer_note_notified customer_note_notify
    coupon_code
    discount_description
    applied_rule_ids
    shipping_method
    shipping_description
    gift_message_id
    gift_message
    hold_before_state
    hold_before_status
    replaces_order_id relation_parent_id
    replaced_by_order_id relation_child_id
    original_order_number original_increment_id
    edit_count edit_increment
    source_created_at created_at
    source_updated_at updated_at
"""),
    **money("""
    subtotal_amount subtotal
    discount_amount
    tax_amount
    shipping_amount
    grand_total_amount grand_total
    subtotal_incl_tax_amount subtotal_incl_tax
    shipping_incl_tax_amount shipping_incl_tax
    shipping_tax_amount
    shipping_discount_amount
    hidden_tax_amount
    total_due_amount total_due
    total_paid_amount total_paid
    total_invoiced_amount total_invoiced
    subtotal_invoiced_amount subtotal_invoiced
    tax_invoiced_amount tax_invoiced
    shipping_invoiced_amount shipping_invoiced
    discount_invoiced_amount discount_invoiced
    hidden_tax_invoiced_amount hidden_tax_invoiced
    total_canceled_amount total_canceled
    subtotal_canceled_amount subtotal_canceled
    tax_canceled_amount tax_canceled
    shipping_canceled_amount shipping_canceled
    discount_canceled_amount discount_canceled
    total_refunded_amount total_refunded
    total_offline_refunded_amount total_offline_refunded
    subtotal_refunded_amount subtotal_refunded
    tax_refunded_amount tax_refunded
    shipping_refunded_amount shipping_refunded
    shipping_tax_refunded_amount shipping_tax_refunded
    discount_refunded_amount discount_refunded
    hidden_tax_refunded_amount hidden_tax_refunded
    adjustment_positive_amount adjustment_positive
    adjustment_negative_amount adjustment_negative
"""),
}
ORDER_ITEMS: Mapped = {
    **pairs("""
    order_item_id item_id
    order_id
    cart_item_id quote_item_id
    product_id
    product_type
    sku
    product_name name
    product_options
    is_virtual
    is_free_shipping free_shipping
    is_qty_decimal
    is_excluded_from_discount no_discount
    applied_rule_ids
    ordered_qty qty_ordered
    invoiced_qty qty_invoiced
    shipped_qty qty_shipped
    refunded_qty qty_refunded
    canceled_qty qty_canceled
    weight
    row_weight
    tax_pct tax_percent
    discount_pct discount_percent
    gift_message_id
    gift_message
    source_created_at created_at
    source_updated_at updated_at
"""),
    **money("""
    price_amount price
    original_price_amount original_price
    row_total_amount row_total
    tax_amount
    discount_amount
    row_invoiced_amount row_invoiced
    tax_invoiced_amount tax_invoiced
    discount_invoiced_amount discount_invoiced
    refunded_amount amount_refunded
    weee_tax_amount weee_tax_applied_row_amount
"""),
}
ORDER_COMMENTS: Mapped = pairs("""
    order_comment_id increment_id
    status
    comment_text comment
    source_created_at created_at
""")
ORDER_PAYMENTS: Mapped = {
    **pairs("""
    payment_id
    payment_method method
    purchase_order_number po_number
    card_type cc_type
    card_last4 cc_last4
    last_transaction_number last_trans_id
"""),
    **money("""
    ordered_amount amount_ordered
    paid_amount amount_paid
    refunded_amount amount_refunded
    canceled_amount amount_canceled
    shipping_amount
"""),
}

# What stands in the XML and has no column, with the reason why that is no loss.
LEFT_OUT: Mapping[str, str] = {
    "password_hash": "secret",
    "protect_code": "opens a guest's order",
    "parent_id": "the order's id, which the key has",
    "customer_is_guest": "told from the customer id, so that buyers deleted since are guests too",
    "billing_address_id shipping_address_id": "in order_addresses",
    "billing_name billing_firstname billing_lastname": "in order_addresses",
    "shipping_name shipping_firstname shipping_lastname": "in order_addresses",
    "firstname lastname telephone postcode": "of the list: the shipping address again",
    "paypal_ipn_customer_notified": "plumbing of a payment module",
    "shipping_hidden_tax_amount base_shipping_hidden_tax_amount": "part of the hidden tax",
    "base_total_invoiced_cost": "cost, not sales",
    "relation_parent_real_id relation_child_real_id": "numbers of the orders whose ids are there",
    "gift_message_available": "an offer, not a choice",
    "weee_tax_applied weee_tax_applied_amount base_weee_tax_applied_amount": "the line's own sum is there",
    "weee_tax_disposition weee_tax_row_disposition": "the line's own sum is there",
    "base_weee_tax_disposition base_weee_tax_row_disposition": "the line's own sum is there",
}
