#include "http/message.h"

#include <algorithm>

#include "core/secret.h"

namespace mullion::http {

bool same_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string_view value) {
    Field field(name, value);  // They may be parts of ours.
    remove(field.first);
    add(field.first, field.second);
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](const Field& field) { return same_without_case(field.first, name); });
}

void Headers::wipe(std::string_view name) {
    for (auto& [known, value] : fields_) {
        if (same_without_case(known, name)) mullion::wipe(value);
    }
    remove(name);
}

std::optional<std::string_view> Headers::first(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (same_without_case(known, name)) return value;
    }
    return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [known, value] : fields_) {
        if (same_without_case(known, name)) values.emplace_back(value);
    }
    return values;
}

}  // namespace mullion::http
