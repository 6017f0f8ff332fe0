// The bytes of a document as its readers want them: UTF-8, in a string of their own that may be written to.
#pragma once

#include <string>

#include "core/result.h"
#include "xml/document.h"

namespace mullion::xml {

// Without its BOM; wiped where it may hold a password. XML 1.0 appendix F.
class Source {
public:
    Source() = default;
    explicit Source(std::string utf8) : text(std::move(utf8)) {}
    // The readers' views point into the text.
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source();

    std::string text;
};

// Errors: wsman.malformed, for more bytes than the limit or UTF-16 that is none.
[[nodiscard]] Result<std::string> to_utf8(std::string document, const Limits& limits);

}  // namespace mullion::xml
