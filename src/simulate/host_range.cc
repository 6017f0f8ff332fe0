#include "simulate/host_range.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace mullion::simulate {
namespace {

std::optional<std::uint32_t> number(std::string_view digits) {
    std::uint32_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::vector<std::string>> expand_names(std::string_view text, std::size_t most) {
    const auto open = text.find('[');
    if (open == std::string_view::npos) return std::vector<std::string>{std::string(text)};
    const auto close = text.find(']', open);
    const auto colon = text.find(':', open);
    if (close == std::string_view::npos || colon == std::string_view::npos || colon > close ||
        text.find_first_of("[]", close + 1) != std::string_view::npos)
        return std::nullopt;
    const auto first_text = text.substr(open + 1, colon - open - 1);
    const auto first = number(first_text);
    const auto last = number(text.substr(colon + 1, close - colon - 1));
    if (!first || !last || *last < *first || *last - *first >= most) return std::nullopt;
    const std::size_t width = first_text.size();  // "01" keeps its zeros.
    std::vector<std::string> names;
    for (std::uint64_t i = *first; i <= *last; ++i)
        names.push_back(fmt::format("{}{:0{}}{}", text.substr(0, open), i, width, text.substr(close + 1)));
    return names;
}

std::optional<std::string> address_after(const std::string& address, std::size_t steps) {
    if (address.find('\0') != std::string::npos) return std::nullopt;  // inet_pton would stop there.
    std::array<unsigned char, 16> bytes{};
    const bool four = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
    if (!four && inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
    std::size_t carry = steps;
    for (std::size_t i = four ? 4 : 16; i-- > 0 && carry != 0;) {
        carry += bytes[i];
        bytes[i] = static_cast<unsigned char>(carry & 0xFF);
        carry >>= 8;
    }
    if (carry != 0) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size()) == nullptr)
        return std::nullopt;
    return text.data();
}

}  // namespace mullion::simulate
