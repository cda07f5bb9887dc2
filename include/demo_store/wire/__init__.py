"""The shop's SOAP v2 face, standard and WS-I: types, WSDLs, requests, filters, answers.

Wire-true where it hurts: element order is the order of the types in `types.py`, NULL is an absent element in core
answers but `xsi:nil` in `oroCustomerList`, and an empty string arrives as a line feed.
"""
