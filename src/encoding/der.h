// Bounded DER: enough for SPNEGO, CredSSP and channel-binding work. Definite lengths only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::encoding {

// One element: its tag byte (single-byte tags only) and its content, a view into the input.
struct DerElement {
    std::uint8_t tag = 0;
    std::string_view content;
};

// Reads elements one after the other. Views stay valid as long as the input.
class DerReader {
public:
    explicit DerReader(std::string_view bytes) : rest_(bytes) {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    // Nothing when the input is cut, a length is not minimal, over 4 bytes, or beyond the input.
    [[nodiscard]] std::optional<DerElement> next();
    // The next element when it has this tag.
    [[nodiscard]] std::optional<std::string_view> expect(std::uint8_t tag);

private:
    std::string_view rest_;
};

[[nodiscard]] std::string der_element(std::uint8_t tag, std::string_view content);

}  // namespace mullion::encoding
