"""Errors of pages as pages, of /api/ as problem+json. One wording, one place."""

import logging

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils.deprecation import MiddlewareMixin
from django.utils.html import escape
from django.utils.translation import gettext as _

from ij8.core.api import describe, problem_response
from ij8.core.errors import Forbidden, Ij8Error, Invalid, NotFound, SignInNeeded

log = logging.getLogger(__name__)
_BARE = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{text}</p></html>"


class ErrorPageMiddleware(MiddlewareMixin):
    """An `Ij8Error` that leaves a view becomes its page; everything else takes Django's way to the handlers below."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_response(request, exception) if isinstance(exception, Ij8Error) else None


def error_response(request: HttpRequest, error: Ij8Error) -> HttpResponse:
    """Also for middleware, whose own exceptions no other middleware sees."""
    if request.path.startswith("/api/"):
        return problem_response(error)
    if isinstance(error, SignInNeeded):
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    return _page(request, error)


def _page(request: HttpRequest, error: Ij8Error) -> HttpResponse:
    """`errors/<status>.html`, else `errors/error.html`, with `error`; a bare page if even that cannot be drawn."""
    status = error.status
    try:
        template = select_template([f"errors/{status}.html", "errors/error.html"])
        body = template.render({"error": error}, request)
    except Exception:  # the database or a template is what failed: the person must still be told
        log.exception("the error page itself failed")
        body = _BARE.format(title=status, text=escape(error.message))
    return HttpResponse(body, status=status, headers=dict(describe(error).headers))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    found = describe(exception)
    return error_response(request, Invalid(found.detail, code=found.code))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, Forbidden(_("Your role may not open this.")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotFound(_("There is nothing here that you can see.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("Reload the page and send it again: its protection against forgery ran out.")
    return error_response(request, Forbidden(message, code="csrf_failed"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django has logged the trace under the same request id."""
    message = _("Something went wrong here. Nothing was changed; go back and try again.")
    return error_response(request, Ij8Error(message, code="internal"))
