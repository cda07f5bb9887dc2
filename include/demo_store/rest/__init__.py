"""The demo store's face of Magento 2: the same shop as over SOAP, answered as a Magento 2.4 does over REST.

What a newcomer would get wrong: nothing of the shop is made here. Records come from `Shop` as rows of text, and are
written out under the names and types of Magento 2.
"""
