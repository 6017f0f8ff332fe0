// What a service says when it says no, and what that means for the next attempt (secrets.md 2.2). Pure.
#pragma once

#include <string>
#include <string_view>

#include "aws/http.h"
#include "aws/outcome.h"

namespace mullion::aws {

struct ServiceError {
    int status = 0;
    std::string code;  // Without namespace ("ns#Code") and what follows a colon. Empty: none was understood.
    std::string message;  // One line, bounded: AWS's own words.
};

// Of KMS: {"__type":"…#Code","message"|"Message":"…"}. Whatever it is, something is made of it.
[[nodiscard]] ServiceError read_json_error(int status, std::string_view body, std::string_view type_header);
// Of STS: <ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>.
[[nodiscard]] ServiceError read_xml_error(int status, std::string_view body);

// In whichever of the two forms it is: a front door before a service has its own.
[[nodiscard]] ServiceError read_service_error(int status, std::string_view body,
                                              std::string_view type_header);

// "What to do about it".
enum class ErrorClass { throttle, transient, refresh, clock, final };
// `temporary`: the request was signed with credentials that have a session token.
[[nodiscard]] ErrorClass class_of(const ServiceError& error, bool temporary);

// For who is told in the end.
[[nodiscard]] Cause cause_of(const ServiceError& error);

}  // namespace mullion::aws
