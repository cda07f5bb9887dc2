"""The SOAP types of the shop, written once: WSDL and answers both derive from these tables.

The order of the fields is the order on the wire. A field is `name` (a string), `name:int` or another type of this
table; a type that ends in Array holds `<item>` elements (`<complexObjectArray>` in WS-I mode).
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One element of a type."""

    name: str
    type: str


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
    "customerCustomerEntityToCreate": """
        customer_id:int email firstname lastname middlename password website_id:int store_id:int group_id:int prefix
        suffix dob taxvat gender:int""",
    "customerAddressEntityCreate": """
        city company country_id fax firstname lastname middlename postcode prefix region_id:int region
        street:ArrayOfString suffix telephone is_default_billing:boolean is_default_shipping:boolean""",
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
    "salesQuoteEntity": """
        entity_id store_id created_at updated_at converted_at is_active is_virtual is_multi_shipping
        items_count items_qty orig_order_id store_to_base_rate store_to_quote_rate base_currency_code
        store_currency_code quote_currency_code grand_total base_grand_total checkout_method customer_id
        customer_tax_class_id customer_group_id customer_email customer_prefix customer_firstname
        customer_middlename customer_lastname customer_suffix customer_dob customer_note
        customer_note_notify customer_is_guest remote_ip applied_rule_ids reserved_order_id password_hash
        coupon_code global_currency_code base_to_global_rate base_to_quote_rate customer_taxvat
        customer_gender subtotal base_subtotal subtotal_with_discount base_subtotal_with_discount is_changed
        trigger_recollect ext_shipping_info gift_message_id is_persistent gift_message
        shipping_address:shoppingCartAddressEntity billing_address:shoppingCartAddressEntity
        items:shoppingCartItemEntityArray payment:shoppingCartPaymentEntity attributes:associativeArray""",
    "shoppingCartInfoEntity": """
        store_id created_at updated_at converted_at quote_id:int is_active:int is_virtual:int is_multi_shipping:int
        items_count:double items_qty:double orig_order_id store_to_base_rate store_to_quote_rate base_currency_code
        store_currency_code quote_currency_code grand_total base_grand_total checkout_method customer_id
        customer_tax_class_id customer_group_id:int customer_email customer_prefix customer_firstname
        customer_middlename customer_lastname customer_suffix customer_note customer_note_notify customer_is_guest
        applied_rule_ids reserved_order_id password_hash coupon_code global_currency_code base_to_global_rate:double
        base_to_quote_rate:double customer_taxvat customer_gender subtotal:double base_subtotal:double
        subtotal_with_discount:double base_subtotal_with_discount:double ext_shipping_info gift_message_id gift_message
        shipping_address:shoppingCartAddressEntity billing_address:shoppingCartAddressEntity
        items:shoppingCartItemEntityArray payment:shoppingCartPaymentEntity""",
    "shoppingCartItemEntity": """
        item_id created_at updated_at product_id store_id parent_item_id is_virtual:int sku name description
        applied_rule_ids additional_data free_shipping is_qty_decimal no_discount weight:double qty:double price:double
        base_price:double custom_price:double discount_percent:double discount_amount:double
        base_discount_amount:double tax_percent:double tax_amount:double base_tax_amount:double row_total:double
        base_row_total:double row_total_with_discount:double row_weight:double product_type
        base_tax_before_discount:double tax_before_discount:double original_custom_price:double base_cost:double
        price_incl_tax:double base_price_incl_tax:double row_total_incl_tax:double base_row_total_incl_tax:double
        gift_message_id gift_message gift_message_available weee_tax_applied:double weee_tax_applied_amount:double
        weee_tax_applied_row_amount:double base_weee_tax_applied_amount:double base_weee_tax_applied_row_amount:double
        weee_tax_disposition:double weee_tax_row_disposition:double base_weee_tax_disposition:double
        base_weee_tax_row_disposition:double tax_class_id product_image_url product_url
        categories:shoppingCartItemEntityCategoriesArray""",
    "shoppingCartItemEntityCategory": "name",
    "shoppingCartAddressEntity": """
        address_id created_at updated_at customer_id save_in_address_book:int customer_address_id address_type email
        prefix firstname middlename lastname suffix company street city region region_id postcode country_id telephone
        fax same_as_billing:int free_shipping:int shipping_method shipping_description weight:double""",
    "shoppingCartPaymentEntity": """
        payment_id created_at updated_at method cc_type cc_number_enc cc_last4 cc_cid_enc cc_owner cc_exp_month
        cc_exp_year cc_ss_owner cc_ss_start_month cc_ss_start_year cc_ss_issue po_number additional_data
        additional_information""",
    "shoppingCartProductEntity": """
        product_id sku qty:double options:associativeArray bundle_option:associativeArray
        bundle_option_qty:associativeArray links:ArrayOfString""",
    "shoppingCartCustomerEntity": """
        mode customer_id:int email firstname lastname password confirmation website_id:int store_id:int group_id:int""",
    "shoppingCartCustomerAddressEntity": """
        mode address_id firstname lastname company street city region region_id postcode country_id telephone fax
        is_default_billing:int is_default_shipping:int""",
    "shoppingCartShippingMethodEntity": """
        code carrier carrier_title method method_title method_description price:double""",
    "shoppingCartPaymentMethodEntity": """
        po_number method cc_cid cc_owner cc_number cc_type cc_exp_year cc_exp_month""",
    "shoppingCartPaymentMethodResponseEntity": "code title cc_types:associativeArray",
    "shoppingCartTotalsEntity": "title amount:double",
    "shoppingCartLicenseEntity": "agreement_id name content is_active:int is_html:int",
    "newsletterSubscriberEntity": """
        subscriber_id store_id change_status_at customer_id subscriber_email subscriber_status
        subscriber_confirm_code""",
    "salesOrderCreditmemoEntity": """
        updated_at created_at increment_id transaction_id global_currency_code base_currency_code order_currency_code
        store_currency_code cybersource_token invoice_id billing_address_id shipping_address_id state creditmemo_status
        email_sent order_id tax_amount shipping_tax_amount base_tax_amount base_adjustment_positive base_grand_total
        adjustment subtotal discount_amount base_subtotal base_adjustment base_to_global_rate store_to_base_rate
        base_shipping_amount adjustment_negative subtotal_incl_tax shipping_amount base_subtotal_incl_tax
        base_adjustment_negative grand_total base_discount_amount base_to_order_rate store_to_order_rate
        base_shipping_tax_amount adjustment_positive store_id hidden_tax_amount base_hidden_tax_amount
        shipping_hidden_tax_amount base_shipping_hidden_tax_amnt shipping_incl_tax base_shipping_incl_tax
        creditmemo_id items:salesOrderCreditmemoItemEntityArray comments:salesOrderCreditmemoCommentEntityArray""",
    "salesOrderCreditmemoItemEntity": """
        item_id parent_id weee_tax_applied_row_amount base_price base_weee_tax_row_disposition tax_amount
        base_weee_tax_applied_amount weee_tax_row_disposition base_row_total discount_amount row_total
        weee_tax_applied_amount base_discount_amount base_weee_tax_disposition price_incl_tax base_tax_amount
        weee_tax_disposition base_price_incl_tax qty base_cost base_weee_tax_applied_row_amount price
        base_row_total_incl_tax row_total_incl_tax product_id order_item_id additional_data description
        weee_tax_applied sku name hidden_tax_amount base_hidden_tax_amount""",
    "salesOrderCreditmemoCommentEntity": """
        parent_id created_at comment is_customer_notified comment_id is_visible_on_front""",
    "salesOrderInvoiceEntity": """
        increment_id parent_id store_id created_at updated_at is_active global_currency_code base_currency_code
        store_currency_code order_currency_code store_to_base_rate store_to_order_rate base_to_global_rate
        base_to_order_rate subtotal base_subtotal base_grand_total discount_amount base_discount_amount shipping_amount
        base_shipping_amount tax_amount base_tax_amount billing_address_id billing_firstname billing_lastname order_id
        order_increment_id order_created_at state grand_total invoice_id items:salesOrderInvoiceItemEntityArray
        comments:salesOrderInvoiceCommentEntityArray""",
    "salesOrderInvoiceItemEntity": """
        increment_id parent_id created_at updated_at is_active weee_tax_applied qty cost price tax_amount row_total
        base_price base_tax_amount base_row_total base_weee_tax_applied_amount base_weee_tax_applied_row_amount
        weee_tax_applied_amount weee_tax_applied_row_amount weee_tax_disposition weee_tax_row_disposition
        base_weee_tax_disposition base_weee_tax_row_disposition sku name order_item_id product_id item_id""",
    "salesOrderInvoiceCommentEntity": """
        increment_id parent_id created_at updated_at is_active comment is_customer_notified comment_id""",
    "salesOrderShipmentEntity": """
        increment_id parent_id store_id created_at updated_at is_active shipping_address_id shipping_firstname
        shipping_lastname order_id order_increment_id order_created_at total_qty shipment_id
        items:salesOrderShipmentItemEntityArray tracks:salesOrderShipmentTrackEntityArray
        comments:salesOrderShipmentCommentEntityArray""",
    "salesOrderShipmentItemEntity": """
        increment_id parent_id created_at updated_at is_active sku name order_item_id product_id weight price qty
        item_id""",
    "salesOrderShipmentTrackEntity": """
        increment_id parent_id created_at updated_at is_active carrier_code title number order_id track_id""",
    "salesOrderShipmentCommentEntity": """
        increment_id parent_id created_at updated_at is_active comment is_customer_notified comment_id""",
    "catalogProductEntity": """
        product_id sku name set type category_ids:ArrayOfString website_ids:ArrayOfString price special_price""",
    "catalogProductReturnEntity": """
        product_id sku set type categories:ArrayOfString websites:ArrayOfString created_at updated_at type_id name
        description short_description weight status url_key url_path visibility category_ids:ArrayOfString
        website_ids:ArrayOfString has_options gift_message_available price special_price special_from_date
        special_to_date tax_class_id tier_price:catalogProductTierPriceEntityArray meta_title meta_keyword
        meta_description custom_design custom_layout_update options_container
        additional_attributes:associativeArray""",
    "catalogProductTierPriceEntity": "customer_group_id website qty:int price:double",
    "catalogProductRequestAttributes": "attributes:ArrayOfString additional_attributes:ArrayOfString",
    "catalogCategoryTree": """
        category_id:int parent_id:int name position:int level:int children:ArrayOfCatalogCategoryEntities""",
    "catalogCategoryEntity": """
        category_id:int parent_id:int name is_active:int position:int level:int
        children:ArrayOfCatalogCategoryEntities""",
    "catalogInventoryStockItemEntity": "product_id sku qty is_in_stock",
    "directoryCountryEntity": "country_id iso2_code iso3_code name",
    "directoryRegionEntity": "region_id code name",
    "oroRegionEntity": "region_id:int countryCode code name",
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
    "salesQuoteEntityArray": "salesQuoteEntity",
    "shoppingCartItemEntityArray": "shoppingCartItemEntity",
    "shoppingCartItemEntityCategoriesArray": "shoppingCartItemEntityCategory",
    "shoppingCartProductEntityArray": "shoppingCartProductEntity",
    "shoppingCartCustomerAddressEntityArray": "shoppingCartCustomerAddressEntity",
    "shoppingCartShippingMethodEntityArray": "shoppingCartShippingMethodEntity",
    "shoppingCartPaymentMethodResponseEntityArray": "shoppingCartPaymentMethodResponseEntity",
    "shoppingCartTotalsEntityArray": "shoppingCartTotalsEntity",
    "shoppingCartLicenseEntityArray": "shoppingCartLicenseEntity",
    "newsletterSubscriberEntityArray": "newsletterSubscriberEntity",
    "salesOrderCreditmemoEntityArray": "salesOrderCreditmemoEntity",
    "salesOrderCreditmemoItemEntityArray": "salesOrderCreditmemoItemEntity",
    "salesOrderCreditmemoCommentEntityArray": "salesOrderCreditmemoCommentEntity",
    "salesOrderInvoiceEntityArray": "salesOrderInvoiceEntity",
    "salesOrderInvoiceItemEntityArray": "salesOrderInvoiceItemEntity",
    "salesOrderInvoiceCommentEntityArray": "salesOrderInvoiceCommentEntity",
    "salesOrderShipmentEntityArray": "salesOrderShipmentEntity",
    "salesOrderShipmentItemEntityArray": "salesOrderShipmentItemEntity",
    "salesOrderShipmentTrackEntityArray": "salesOrderShipmentTrackEntity",
    "salesOrderShipmentCommentEntityArray": "salesOrderShipmentCommentEntity",
    "catalogProductEntityArray": "catalogProductEntity",
    "catalogProductTierPriceEntityArray": "catalogProductTierPriceEntity",
    "ArrayOfCatalogCategoryEntities": "catalogCategoryEntity",
    "catalogInventoryStockItemEntityArray": "catalogInventoryStockItemEntity",
    "directoryCountryEntityArray": "directoryCountryEntity",
    "directoryRegionEntityArray": "directoryRegionEntity",
    "oroRegionEntityArray": "oroRegionEntity",
}
BASIC = ("string", "int", "boolean", "double")
