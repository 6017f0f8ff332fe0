// One request and its answer, as the rest of the room sees them. Who implements it may block.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aws/endpoints.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/secret.h"

namespace mullion::aws {

struct Header {
    std::string name, value;
};
struct SecretHeader {
    std::string name;
    Secret value;
};

struct HttpRequest {
    Endpoint endpoint;
    std::string method = "POST";
    std::string target = "/";
    std::vector<Header> headers;  // Without Host and Content-Length, which follow from the rest.
    std::vector<SecretHeader> secret_headers;
    Secret body;
    Duration connect_timeout = std::chrono::seconds(5);
    Duration timeout = std::chrono::seconds(10);  // Of all of it, however slowly bytes come.
    std::size_t most_answer = 64 * 1024;          // KMS's largest has less than 16 KiB.
    bool direct = false;                          // Past every proxy: metadata is this machine's own.

    [[nodiscard]] HttpRequest clone() const;
};

struct HttpAnswer {
    int status = 0;
    std::vector<Header> headers;  // Names in lower case; at most 100.
    Secret body;

    [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_name) const;
};

// No answer came. `transient`: another attempt may get one.
struct HttpFailure {
    Error error;
    bool transient = false;
};

class HttpClient {
public:
    virtual ~HttpClient() = default;
    // No redirect is followed, no certificate is let pass. Safe from several threads. Errors:
    // aws.unreachable, aws.answer (too long, or no HTTP), tls.…
    [[nodiscard]] virtual std::variant<HttpAnswer, HttpFailure> send(const HttpRequest& request) = 0;
};

}  // namespace mullion::aws
