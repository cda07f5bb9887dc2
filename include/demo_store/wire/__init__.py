"""The shop's SOAP v2 face in standard (rpc/encoded) mode: types, WSDL, requests, filters, answers.

Wire-true where it hurts: element order is the order of the types in `schema.py`, NULL is an absent element in core
answers but `xsi:nil` in `oroCustomerList`, and an empty string arrives as a line feed.
"""
