#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "secrets/yaml/entities_yaml.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

bool is_word_of_yaml(std::string_view text) {
    constexpr std::array<std::string_view, 9> words = {"null", "true", "false", "yes", "no",
                                                       "on",   "off",  "y",     "n"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::find(words.begin(), words.end(), lower) != words.end();
}

// Plain where nobody takes it for anything else; otherwise in JSON's quotes, which are YAML's too. What JSON
// leaves as it is and YAML does not (U+0085, U+2028) no entity has.
std::string scalar(const std::string& text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto follows = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-' || c == '$';
    };
    const bool plain = !text.empty() && (letter(text.front()) || text.front() == '/') &&
                       std::all_of(text.begin(), text.end(), follows) && !is_word_of_yaml(text);
    if (plain) return text;
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string scalar(const Json& json) {
    return json.is_string() ? scalar(json.get_ref<const std::string&>()) : json.dump();
}

void write(const Json& json, std::size_t indent, std::string& out);

// " value", or what lies below on lines of its own.
void write_value(const Json& value, std::size_t indent, std::string& out) {
    if (!value.is_structured()) {
        out += " " + scalar(value) + "\n";
    } else if (value.empty()) {
        out += value.is_object() ? " {}\n" : " []\n";
    } else {
        out += "\n";
        write(value, indent, out);
    }
}

void write_item(const Json& item, std::size_t indent, std::string& out) {
    out += std::string(indent, ' ') + "-";
    if (!item.is_object() || item.empty()) {
        write_value(item, indent + 2, out);
        return;
    }
    // The first key of a map stands beside the dash.
    std::string below;
    write(item, indent + 2, below);
    out += below.substr(indent + 1);
}

void write(const Json& json, std::size_t indent, std::string& out) {
    if (json.is_array()) {
        for (const auto& item : json) write_item(item, indent, out);
        return;
    }
    for (const auto& [key, value] : json.items()) {
        out += std::string(indent, ' ') + scalar(key) + ":";
        write_value(value, indent + 2, out);
    }
}

}  // namespace

std::string entity_yaml(const Entity& entity) {
    std::string out;
    write(form_of(entity), 0, out);
    return out;
}

}  // namespace mullion::secrets
