#include "channel/answer_check.h"

#include <fmt/core.h>

#include <algorithm>

#include "http/challenge.h"
#include "http/encrypted.h"

namespace mullion::channel {
namespace {

// The start of a foreign text, made safe to print on one line.
std::string excerpt(std::string_view body) {
    std::string text;
    for (const char c : body.substr(0, 160)) {
        const auto byte = static_cast<unsigned char>(c);
        text += (byte < 0x20 || byte >= 0x7F) ? ' ' : c;
    }
    return text;
}

Error with_status(ErrorId id, const http::Response& response, std::string detail) {
    Error error(id, std::move(detail));
    error.http_status = response.status;
    return error;
}

std::string status_text(const http::Response& response) {
    return response.reason.empty() ? fmt::format("HTTP {}", response.status)
                                   : fmt::format("HTTP {} {}", response.status, excerpt(response.reason));
}

bool speaks_of_https(const http::Response& response) {
    return response.body.find("HTTPS") != std::string::npos ||
           response.reason.find("HTTPS") != std::string::npos;
}

}  // namespace

bool is_soap(std::string_view content_type) {
    const auto media = http::parse_media_type(content_type);
    return media && is_soap(*media);
}

bool is_soap(const http::MediaType& media) {
    return media.type == "application/soap+xml" || media.type == "text/xml";
}

bool carries_message(const http::Response& response) {
    const auto type = response.headers.first("Content-Type").value_or("");
    return !response.body.empty() && (is_soap(type) || http::is_encrypted(type));
}

std::vector<std::string> offered_schemes(const http::Response& response) {
    std::vector<std::string> schemes;
    for (const auto& challenge : http::parse_challenges(response.headers)) {
        if (std::find(schemes.begin(), schemes.end(), challenge.scheme) == schemes.end()) {
            schemes.push_back(excerpt(challenge.scheme));
        }
    }
    return schemes;
}

bool refused_untouched(const http::Response& response) {
    const int status = response.status;
    const bool refusal = (status >= 300 && status < 400) || status == 401 || status == 403 || status == 404 ||
                         status == 405 || status == 413 || status == 501 || status == 503;
    return refusal && !carries_message(response);
}

Error explain_message(const http::Response& response) {
    return with_status(
        ErrorId::http_status, response,
        fmt::format("{} with a message of WinRM, which that status does not have", status_text(response)));
}

Error explain_answer(const http::Response& response, bool in_clear, bool tls, std::string_view path) {
    const std::string status = status_text(response);
    if (response.status >= 300 && response.status < 400) {
        return with_status(ErrorId::http_redirected, response,
                           fmt::format("{}, to {}", status,
                                       excerpt(response.headers.first("Location").value_or("no address"))));
    }
    switch (response.status) {
        case 404:
            return with_status(ErrorId::http_not_found, response,
                               path.empty() ? status : fmt::format("{} for {}", status, path));
        case 413:
            return with_status(ErrorId::http_request_too_large, response, status);
        case 503: {
            const auto after = response.headers.first("Retry-After");
            return with_status(
                ErrorId::http_busy, response,
                after ? fmt::format("{}, try again after {}", status, excerpt(*after)) : status);
        }
        case 405:
        case 501:
            return with_status(ErrorId::http_not_winrm, response, fmt::format("it refuses POST: {}", status));
        default:
            break;
    }
    if (response.status == 400 && !tls && speaks_of_https(response)) {
        return with_status(ErrorId::http_tls_port, response, status);
    }
    if (response.status == 500 && response.body.empty() && in_clear) {
        return with_status(ErrorId::auth_encryption_refused, response, status);
    }
    const auto type = response.headers.first("Content-Type").value_or("no media type");
    if (response.status == 200 && is_soap(type))
        return with_status(ErrorId::http_not_winrm, response, status + " with nothing in it");
    if (response.status >= 200 && response.status < 300) {
        return with_status(ErrorId::http_not_winrm, response,
                           fmt::format("{} with {} instead of application/soap+xml", status, excerpt(type)));
    }
    std::string detail = status;
    if (!response.body.empty()) detail += fmt::format(" with {}: {}", excerpt(type), excerpt(response.body));
    return with_status(ErrorId::http_status, response, std::move(detail));
}

}  // namespace mullion::channel
