// Security identifiers: whom a right is for. [MS-DTYP] 2.4.2.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mullion::rights {

// A value that is always well-formed: an authority of 48 bits and 1 to 15 sub-authorities.
class Sid {
public:
    static constexpr std::size_t most_sub_authorities = 15;

    // S-1-0-0, which is nobody's.
    constexpr Sid() : Sid(0, {0}) {}
    // Throws when out of bounds: for SIDs that the program names itself.
    constexpr Sid(std::uint64_t authority, std::initializer_list<std::uint32_t> sub_authorities) {
        if (!set(authority, {sub_authorities.begin(), sub_authorities.size()}))
            throw std::length_error("no SID has these parts");
    }
    [[nodiscard]] static std::optional<Sid> of(std::uint64_t authority,
                                               std::span<const std::uint32_t> sub_authorities);

    [[nodiscard]] std::uint64_t authority() const { return authority_; }
    [[nodiscard]] std::span<const std::uint32_t> sub_authorities() const { return {parts_.data(), count_}; }
    // The account with this number in a domain; nothing when the SID is full.
    [[nodiscard]] std::optional<Sid> with_rid(std::uint32_t rid) const;

    [[nodiscard]] std::string text() const;    // S-1-5-32-544
    [[nodiscard]] std::string binary() const;  // [MS-DTYP] 2.4.2.2, the packet form

    constexpr auto operator<=>(const Sid&) const = default;

private:
    constexpr bool set(std::uint64_t authority, std::span<const std::uint32_t> parts) {
        if (authority >> 48 != 0 || parts.empty() || parts.size() > most_sub_authorities) return false;
        authority_ = authority;
        count_ = static_cast<std::uint8_t>(parts.size());
        for (std::size_t i = 0; i < parts.size(); ++i) parts_[i] = parts[i];
        return true;
    }

    std::uint64_t authority_ = 0;
    std::uint8_t count_ = 0;
    std::array<std::uint32_t, most_sub_authorities> parts_{};  // Zero beyond the count, so that == is true.
};

// The text form of [MS-DTYP] 2.4.2.1, and nothing before or after it. Letters in either case.
[[nodiscard]] std::optional<Sid> parse_sid(std::string_view text);

// The same where more text follows, as in SDDL; `size` is how much of the text the SID is.
struct SidAtFront {
    Sid sid;
    std::size_t size = 0;
};
[[nodiscard]] std::optional<SidAtFront> parse_sid_front(std::string_view text);

// The packet form of [MS-DTYP] 2.4.2.2; bytes left over are a fault.
[[nodiscard]] std::optional<Sid> read_binary_sid(std::string_view bytes);

}  // namespace mullion::rights
