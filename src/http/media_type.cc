// Content-Type: RFC 9110 8.3.1.
#include <algorithm>

#include "http/message.h"
#include "http/syntax.h"

namespace mullion::http {
namespace {

constexpr std::size_t max_parameters = 16;

// Values without quotes are taken up to the ';', not just as tokens: boundary=Encrypted Boundary and
// protocol=application/… are sent so.
std::optional<std::string> parameter_value(FieldReader& reader) {
    if (reader.peek() == '"') return reader.quoted_string();
    const auto value = trim(reader.until(';'));
    if (value.empty() || std::any_of(value.begin(), value.end(), is_control)) return std::nullopt;
    if (value.find('"') != std::string_view::npos) return std::nullopt;
    return std::string(value);
}

}  // namespace

std::optional<std::string_view> MediaType::parameter(std::string_view name) const {
    for (const auto& [known, value] : parameters) {
        if (same_without_case(known, name)) return value;
    }
    return std::nullopt;
}

std::optional<MediaType> parse_media_type(std::string_view text) {
    FieldReader reader(trim(text));
    const auto type = reader.token();
    if (type.empty() || !reader.skip('/')) return std::nullopt;
    const auto subtype = reader.token();
    if (subtype.empty()) return std::nullopt;

    MediaType media;
    media.type.reserve(type.size() + 1 + subtype.size());
    media.type.append(lower(type)).append(1, '/').append(lower(subtype));
    for (;;) {
        reader.skip_blanks();
        if (reader.at_end()) return media;
        if (!reader.skip(';')) return std::nullopt;
        reader.skip_blanks();
        if (reader.at_end() || reader.peek() == ';') continue;  // An empty parameter is allowed.
        const std::string name = lower(reader.token());
        if (name.empty() || !reader.skip('=')) return std::nullopt;
        auto value = parameter_value(reader);
        // Given twice, two readers could each believe another one.
        if (!value || media.parameter(name) || media.parameters.size() == max_parameters) return std::nullopt;
        media.parameters.emplace_back(name, *std::move(value));
    }
}

}  // namespace mullion::http
