// Whatever is taken as a request: one message, within its limits, with fields that hold no line ends, and the
// same again when it is written and read once more.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/http_io.h"
#include "net/http_rules.h"

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
    const auto read = net::parse_request(bytes, limits);
    if (!read || !*read) return 0;
    const auto& request = **read;
    require(request.body.size() <= limits.body);
    require(request.headers.all("Authorization").size() <= 1);
    require(request.headers.all("Content-Length").size() <= 1);
    require(!(request.headers.has("Content-Length") && request.headers.has("Transfer-Encoding")));
    for (const auto& [name, value] : request.headers.fields()) {
        require(!name.empty());
        require(name.find_first_of("\r\n:") == std::string::npos);
        require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    if (!request.headers.has("Host")) return 0;  // HTTP/1.0: what we write is 1.1 and needs one.
    // What we write has Content-Length and Connection more, which may be too many fields.
    if (request.headers.fields().size() + 2 > net::most_fields) return 0;
    const auto again = net::parse_request(net::to_bytes(request), {});
    require(again.ok() && again->has_value());
    require((*again)->body == request.body);
    require((*again)->method == request.method);
    require((*again)->headers.first("Authorization") == request.headers.first("Authorization"));
    return 0;
}
