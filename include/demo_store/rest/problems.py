"""Refusals as Magento 2 words them: a message with placeholders, and what fills them."""

from __future__ import annotations

from typing import Any

NOT_AUTHORISED = "The consumer isn't authorized to access %resources."
NO_ENTITY = "No such entity with %fieldName = %fieldValue"


class ApiProblem(Exception):
    """An answer that is none.

    Args:
        status: of HTTP.
        message: what it says, with `%name` or `%1`.
        parameters: what fills the placeholders; Magento sends an object or a list.
    """

    def __init__(self, status: int, message: str, parameters: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message}
        if parameters:
            self.body["parameters"] = parameters


class OutOfMemory(Exception):
    """PHP gives up on a page that is too large: a page of the web server, no JSON."""


def no_route() -> ApiProblem:
    """An unknown path; a wrong method says the same."""
    return ApiProblem(404, "Request does not match any route.")


def not_authorised(resource: str) -> ApiProblem:
    """No token, a wrong one and a missing right are all the same to Magento."""
    return ApiProblem(401, NOT_AUTHORISED, {"resources": resource})


def internal_error() -> ApiProblem:
    """What is masked: the true message is in the shop's log."""
    said = "Internal Error. Details are available in Magento log file. Report ID: webapi-demo"
    return ApiProblem(500, said)


def no_entity(field: str, value: object) -> ApiProblem:
    """There is none with this id."""
    return ApiProblem(404, NO_ENTITY, {"fieldName": field, "fieldValue": value})


def no_order() -> ApiProblem:
    """Sales documents have a sentence of their own."""
    return ApiProblem(404, "The entity that was requested doesn't exist. Verify the entity and try again.")


def required(field: str) -> ApiProblem:
    """A parameter that must be there is not."""
    return ApiProblem(400, '"%fieldName" is required. Enter and try again.', {"fieldName": field})
