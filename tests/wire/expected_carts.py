"""Which column of the carts' tables holds which element of the recorded XML: by hand, as in `expected` for the rest."""

from __future__ import annotations

from collections.abc import Mapping

from tests.wire.expected import ADDRESS, Mapped, money, pairs

CARTS: Mapped = {
    **pairs("""
    cart_id entity_id
    customer_id
    store_id
    is_active
    is_virtual
    is_multi_shipping
    checkout_method
    converted_at
    reserved_order_number reserved_order_id
    edited_order_id orig_order_id
    item_count items_count
    items_qty
    cart_currency_code quote_currency_code
    base_currency_code
    store_currency_code
    global_currency_code
    base_to_cart_rate base_to_quote_rate
    base_to_global_rate
    store_to_base_rate
    store_to_cart_rate store_to_quote_rate
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
    payment_method payment/method
    card_type payment/cc_type
    card_last4 payment/cc_last4
    coupon_code
    applied_rule_ids
    gift_message_id
    gift_message
    source_created_at created_at
    source_updated_at updated_at
"""),
    **money("""
    subtotal_amount subtotal
    discounted_subtotal_amount subtotal_with_discount
    grand_total_amount grand_total
"""),
}
CART_ITEMS: Mapped = {
    **pairs("""
    cart_item_id item_id
    parent_item_id
    product_id
    product_type
    sku
    product_name name
    product_description description
    product_url
    product_image_url
    is_virtual
    is_free_shipping free_shipping
    is_qty_decimal
    is_excluded_from_discount no_discount
    applied_rule_ids
    tax_class_id
    item_qty qty
    weight
    row_weight
    custom_price_amount custom_price
    tax_pct tax_percent
    discount_pct discount_percent
    gift_message_id
    gift_message
    source_created_at created_at
    source_updated_at updated_at
"""),
    **money("""
    price_amount price
    price_incl_tax_amount price_incl_tax
    row_total_amount row_total
    row_total_incl_tax_amount row_total_incl_tax
    tax_amount
    discount_amount
    weee_tax_amount weee_tax_applied_row_amount
"""),
}
CART_ADDRESSES: Mapped = {
    **{column: path for column, path in ADDRESS.items() if column != "tax_number"},
    **pairs("""
    cart_address_id address_id
    customer_address_id
    address_type
    is_same_as_billing same_as_billing
    email
    shipping_method
    shipping_description
    is_free_shipping free_shipping
    weight
    source_created_at created_at
    source_updated_at updated_at
"""),
}

# What stands in the XML and has no column, with the reason why that is no loss.
LEFT_OUT: Mapping[str, str] = {
    "customer_is_guest": "told from the customer id",
    "customer_tax_class_id": "of the price group, which is there",
    "is_changed trigger_recollect is_persistent": "plumbing of the store's own sums",
    "save_in_address_book": "a wish for the checkout",
    "payment_id po_number cc_exp_month cc_exp_year cc_ss_start_month cc_ss_start_year": "of a payment: type and digits",
    "additional_information": "whatever a payment module likes",
    "base_cost": "cost, not sales",
    "row_total_with_discount": "zero throughout; the discount is there",
    "weee_tax_applied weee_tax_applied_amount base_weee_tax_applied_amount": "the line's own sum is there",
    "weee_tax_disposition weee_tax_row_disposition": "the line's own sum is there",
    "base_weee_tax_disposition base_weee_tax_row_disposition": "the line's own sum is there",
}
