"""What schemathesis has to know of this contract: loaded by schemathesis itself (SCHEMATHESIS_HOOKS), see contract.py.

The first part tells it what OpenAPI has no words for. The second is the list of its findings that the design contradicts, each with
the reason; how often each was met goes to the file that ATTACKS_ACCEPTED names."""

import atexit
import collections
import copy
import json
import os

import schemathesis
from hypothesis import strategies
from schemathesis.openapi import checks as failures
from schemathesis.core import failures as core_failures

# ---- what OpenAPI has no words for ------------------------------------------------------------------------------------------

# What any request may meet: the contract's description tells of these once, for all operations.
NOBODY = bool(os.environ.get("ATTACKS_NOBODY"))
GENERAL = ("401", "403", "408", "414", "429", "431")


# Formats of our own.
schemathesis.openapi.format("language", strategies.from_regex(r"\A[a-z]{2}(-[A-Z]{2})?\Z"))
schemathesis.openapi.format("country", strategies.from_regex(r"\A[A-Z]{2}\Z"))
schemathesis.openapi.format("slug", strategies.from_regex(r"\A[a-z0-9]{1,20}(-[a-z0-9]{1,20})?\Z"))


def schema_of_operator(schema, operator):
    if operator == "isnull":
        return {"type": "boolean"}
    if operator == "in":
        return {"type": "array", "items": copy.deepcopy(schema), "minItems": 1, "maxItems": 20}
    return copy.deepcopy(schema)


def parameters_of(parameter, seen):
    """A filter, and for the first of an operation that has an operator one parameter more: said_on, said_on__gte, …"""
    yield parameter
    for operator in parameter.get("x-operators", ()):
        if operator in seen:
            continue
        seen.add(operator)
        more = {name: value for name, value in parameter.items() if name not in ("example", "x-operators")}
        more["name"] = f"{parameter['name']}__{operator}"
        more["schema"] = schema_of_operator(parameter["schema"], operator)
        if operator == "in":
            more["explode"] = False
        yield more


def flat(schema, schemas):
    """A schema with the parts of its allOf put together."""
    merged = {name: value for name, value in schema.items() if name != "allOf"}
    for part in schema.get("allOf", ()):
        part = flat(schemas[part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part, schemas)
        merged = {**{name: value for name, value in part.items() if name not in ("description", "required")}, **merged}
        merged["properties"] = {**part.get("properties", {}), **merged.get("properties", {})}
        merged["required"] = sorted({*part.get("required", ()), *merged.get("required", ())})
    if not merged.get("required", True):
        del merged["required"]
    return merged


def close(schema):
    """Objects have the properties that are written down, in bodies and in replies: OpenAPI would have to say so at each."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            close(part)
    elif isinstance(schema, list):
        for part in schema:
            close(part)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    schemas = raw_schema["components"]["schemas"]
    for name in schemas:
        schemas[name] = flat(schemas[name], schemas)
    close(schemas)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in raw_schema["paths"].values():
        for operation in path.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            for status in GENERAL:
                operation["responses"].setdefault(status, {"description": "Any request may meet it.", "content": problem})
            given = operation.get("parameters", ())
            if not NOBODY:  # who shows a key shows no token as well: that is 400
                given = [one for one in given if one.get("$ref") != "#/components/parameters/Token"]
            seen = set()
            operation["parameters"] = [more for one in given for more in parameters_of(one, seen)]


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    items = value if isinstance(value, list) else [value]
    return b"\n".join(item if isinstance(item, bytes) else json.dumps(item).encode() for item in items)


# Their schema is a string: the text as it stands.
@schemathesis.deserializer("application/yaml", "text/csv", "text/calendar", "application/x-ndjson", "application/atom+xml",
                           "text/event-stream", "application/openmetrics-text")
def text(ctx, response):
    return response.content.decode("utf-8")


# ---- what the design contradicts --------------------------------------------------------------------------------------------

# Codes of faults in requests that are right by their schema, and yet cannot be done: no schema can say these.
BEYOND_SCHEMAS = {
    "cursor": "a cursor is signed: one that was made up is refused",
    "reference": "a body or a filter names what the record has not",
    "unknown": "a name that no schema lists (fields, time zones)",
    "conflict": "two parts that do not go together",
    "filter": "a filter that does not fit what is asked for",
    "syntax": "words to search for that have no words in them",
    "words": "a quotation without words",
    "range": "ends of a range in the wrong order, or too far apart",
    "mismatch": "a span that does not hold the words it claims to",
    "taken": "an external_id, a url or a slug that is taken",
    "fixed": "a property that is given once, at creation",
    "read-only": "a property that cannot be changed",
}


# Words of a problem that say the same without a code.
BEYOND_JSON = {
    "not a number with a fraction": "1.0 is no whole number here, as it is not in most programs",
    "a query takes at most": "the most filters and values a query takes",
    "too big": "whole numbers have 64 bits",
    "real number overflow": "numbers are doubles at most",
}


def problem_of(response):
    try:
        return json.loads(response.content)
    except ValueError:
        return {}


def code_of(fault):
    """A fault's code; None where a schema does say it, so that it may not come of a request that is right by its schema."""
    code, detail = fault.get("code"), fault.get("detail", "")
    if code == "range" and detail.startswith("must be"):
        return None
    if code == "unknown" and fault.get("parameter") not in ("fields", "tz"):
        return None
    return code


def fault_codes(response):
    return {code_of(fault) for fault in problem_of(response).get("errors", ())}


def header(response, name):
    return (response.headers.get(name.lower()) or [""])[0]


def is_unknown_method(case, response):
    return response.status_code == 501 and case.method.upper() not in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
                                                                       "TRACE", "CONNECT")


def is_of_library(response):
    """What is longer than the library's own buffer never reaches us: it answers with a page of its own."""
    return response.status_code in (413, 414, 431) and response.content.startswith(b"<html>")


def asks_for_fields(case):
    return any(name == "fields" for name in (case.query or {}))


def reason_to_accept(failure, case, response):
    status = response.status_code
    if isinstance(failure, (core_failures.ServerError, failures.UnsupportedMethodResponse)) and is_unknown_method(case, response):
        return "a method that HTTP has not is 501, not 405 (RFC 9110 section 9.1)"
    if isinstance(failure, core_failures.AcceptedNegativeData) and (case.media_type or "").startswith("text/"):
        return "every body is a text: there is no wrong type of it"
    if is_of_library(response):
        return "past the buffer of libmicrohttpd, which answers for itself"
    if isinstance(failure, (core_failures.AcceptedNegativeData, failures.RejectedPositiveData)):
        if status == 412:
            return "If-Match is compared before the body is read: 412"
        if status in (413, 414, 431):
            return "more than the server's limits take: 413, 414, 431"
    if isinstance(failure, failures.RejectedPositiveData):
        if "/None" in case.formatted_path:
            return "a chain of the tool's that filled in nothing for an id"
        detail = str(problem_of(response))
        for words, reason in BEYOND_JSON.items():
            if words in detail:
                return reason
        codes = fault_codes(response)
        if codes and codes <= set(BEYOND_SCHEMAS):
            return "; ".join(BEYOND_SCHEMAS[code] for code in sorted(codes))
        if status == 410:
            return "another request has deleted it"
    if isinstance(failure, failures.JsonSchemaError) and header(response, "Content-Type").startswith("application/yaml"):
        return "application/yaml is told as the text that it is"
    if isinstance(failure, failures.JsonSchemaError) and status == 200 and asks_for_fields(case):
        if "required property" in failure.validation_message:
            return "fields= picks among the properties that must be there"
    if isinstance(failure, (failures.MissingContentType, core_failures.MalformedJson)):
        if header(response, "Preference-Applied") == "return=minimal" and not response.content:
            return "Prefer: return=minimal: no body, and so no type"
    return None


# ---- for those without a key ------------------------------------------------------------------------------------------------

if NOBODY:

    @schemathesis.check
    def nothing_for_nobody(ctx, response, case):
        """Without a key only what the contract leaves open is answered."""
        secured = case.operation.definition.raw.get("security", case.operation.schema.raw_schema.get("security"))
        if secured and response.status_code not in (401, 400, 404, 405, 408, 413, 414, 431):
            raise AssertionError(f"{response.status_code} without a key")


accepted = collections.Counter()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    reason = reason_to_accept(failure, case, response)
    if reason:
        accepted[reason] += 1
    return reason is None


@atexit.register
def tell_accepted():
    path = os.environ.get("ATTACKS_ACCEPTED")
    if path and accepted:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(accepted, file)
