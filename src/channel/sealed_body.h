// Sealing and opening the body of a message, the same for both ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "auth/mechanism.h"
#include "core/result.h"

namespace mullion::channel {

inline constexpr std::string_view soap_utf8 = "application/soap+xml;charset=UTF-8";
inline constexpr std::string_view soap_utf16 = "application/soap+xml;charset=UTF-16";

// A body with its media type, in clear.
struct ClearBody {
    std::string content_type;
    std::string bytes;
};

struct SealedBody {
    std::string content_type;  // multipart/encrypted;…
    std::string bytes;
};

[[nodiscard]] Result<SealedBody> seal_body(auth::Sealing& sealing, std::string_view protocol,
                                           std::string_view content_type, std::string_view clear);

// Checks that what came out is as long as the sender said. Errors: http.malformed, seal.broken
[[nodiscard]] Result<ClearBody> open_body(auth::Sealing& sealing, std::string_view content_type,
                                          std::string_view sealed, std::size_t limit);

}  // namespace mullion::channel
