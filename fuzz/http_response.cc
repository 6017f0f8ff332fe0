// Whatever is taken as an answer keeps to its limits, and a prefix of it is never taken as another answer.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/http_io.h"

namespace {
void require(bool holds) {
    if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    net::HttpLimits limits;
    limits.header = 4096;
    limits.body = 4096;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto read = net::parse_response(bytes, limits);
    if (!read || !*read) return 0;
    const auto& response = **read;
    require(response.body.size() <= limits.body);
    require(!response.headers.has("Content-Encoding") ||
            http::same_without_case(*response.headers.first("Content-Encoding"), "identity"));
    const auto shorter = net::parse_response(bytes.substr(0, size - 1), limits);
    require(!shorter.ok() || !shorter->has_value());
    return 0;
}
