"""SOAP envelopes around results and faults.

A fault of the API comes with HTTP 200 and a bare number as its code; only a fault of the SOAP engine itself is a 500.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

SOAP_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
URN = "urn:Magento"

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP_ENVELOPE}" xmlns:ns1="{URN}" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xmlns:SOAP-ENC="{SOAP_ENCODING}" SOAP-ENV:encodingStyle="{SOAP_ENCODING}">\n<SOAP-ENV:Body>\n'
)
_CLOSE = "</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"


class SoapFault(Exception):
    """Ends a call with a fault.

    Args:
        code: Magento's number, or the engine's word.
        text: what the client reads.
        status: HTTP status; 200 for the API's own faults.
    """

    def __init__(self, code: str, text: str, status: int = 200) -> None:
        super().__init__(text)
        self.code, self.text, self.status = code, text, status


def response(method: str, parts: list[bytes]) -> bytes:
    """The envelope of a result, given as fragments that each end in a line feed."""
    opening = f"{_OPEN}<ns1:{method}Response>\n".encode()
    return b"".join([opening, *parts, f"</ns1:{method}Response>\n{_CLOSE}".encode()])


def fault(problem: SoapFault) -> bytes:
    """The envelope of a fault; a real shop leaves the other namespaces out here."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP_ENVELOPE}">\n'
        f"<SOAP-ENV:Body>\n<SOAP-ENV:Fault>\n<faultcode>{problem.code}</faultcode>\n"
        f"<faultstring>{escape(problem.text)}</faultstring>\n</SOAP-ENV:Fault>\n{_CLOSE}"
    ).encode()


SESSION_EXPIRED = SoapFault("5", "Session expired. Try to relogin.")
ACCESS_DENIED = SoapFault("2", "Access denied.")
PARAMETER_MISSING = SoapFault("6", 'Required parameter is missing, for more details see "exception.log".')
ORDER_NOT_EXISTS = SoapFault("100", "Requested order not exists.")
CUSTOMER_NOT_EXISTS = SoapFault("102", "Customer not exists.")
CUSTOMER_EMAIL_EXISTS = SoapFault("100", "This customer email already exists")
ADDRESS_NOT_EXISTS = SoapFault("102", "Address not exists.")
SUBSCRIBER_NOT_EXISTS = SoapFault("102", "Newsletter subscriber not exists.")
ALREADY_SUBSCRIBED = SoapFault("104", "Customer already subscribed.")
HOLD_NOT_AVAILABLE = SoapFault("103", "Hold action is not available.")
UNHOLD_NOT_AVAILABLE = SoapFault("103", "Unhold action is not available.")
STATUS_NOT_CHANGED = SoapFault("103", "Order status not changed. Details in error message.")
CUSTOMER_OF_ADDRESS_NOT_EXISTS = SoapFault("101", "Customer not exists.")
QUOTE_NOT_EXISTS = SoapFault("1002", "Can not make operation because quote is not exists")
WRONG_TYPE = SoapFault("SOAP-ENV:Client", "SOAP-ERROR: Encoding: Violation of encoding rules", 500)
INVALID_XML = SoapFault("Sender", "Invalid XML", 500)


YES = [b'<result xsi:type="xsd:boolean">true</result>\n']


def unknown_method(name: str) -> SoapFault:
    """What PHP's SOAP server says to a method that its WSDL does not have."""
    return SoapFault("SOAP-ENV:Server", f"Procedure '{name}' not present", 500)
