#include "client/cim_text.h"

#include <optional>

#include "wsman/cim/class_uri.h"
#include "wsman/cim/moment.h"

namespace mullion::client {
namespace {

using wsman::cim::Form;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// DSP0004 5.5.1: 25 characters with their marks in place. Nothing else looks like it by chance.
bool looks_like_dmtf(std::string_view text) {
    constexpr std::string_view signs = "+-:";
    return text.size() == 25 && text[14] == '.' && signs.find(text[21]) != std::string_view::npos &&
           text.find_first_not_of("0123456789*.+-:") == std::string_view::npos;
}

std::string time_text(std::string_view sent) {
    const auto text = trimmed(sent);
    if (!looks_like_dmtf(text)) return std::string(text);  // XML Schema's already.
    if (text[21] == ':') {
        const auto interval = wsman::cim::parse_interval(text);
        return interval ? format_xml(*interval) : std::string(text);
    }
    const auto moment = wsman::cim::parse_moment(text);
    return moment ? format_xml(*moment) : std::string(text);
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string instance_text(const wsman::cim::Instance& instance) {
    std::string text = instance.class_name + "{";
    bool first = true;
    for (const auto& property : instance.properties) {
        for (const auto& value : property.values) {
            text += first ? "" : ", ";
            text += property.name + "=" + cim_text(value);
            first = false;
        }
    }
    return text + "}";
}

}  // namespace

std::string cim_path(const wsman::cim::Reference& reference) {
    std::string path;
    const auto uri = wsman::cim::parse_class_uri(reference.resource_uri);
    std::string space = uri ? uri->cim_namespace : std::string();
    std::string keys;
    for (const auto& key : reference.keys) {
        if (key.name == "__cimnamespace") {
            space = key.value;
            continue;
        }
        keys += keys.empty() ? "." : ",";
        keys += key.name + "=" + quoted(key.reference.empty() ? key.value : cim_path(key.reference.front()));
    }
    if (!space.empty()) path += space + ":";
    return path + (uri ? uri->class_name : reference.resource_uri) + keys;
}

std::string cim_text(const wsman::cim::Value& value) {
    switch (value.form) {
        case Form::null:
            return {};
        case Form::reference:
            return value.reference.empty() ? std::string() : cim_path(value.reference.front());
        case Form::instance:
            return value.instance.empty() ? std::string() : instance_text(value.instance.front());
        case Form::text:
            if (looks_like_dmtf(value.text)) return time_text(value.text);
            return value.text;
        default:
            return time_text(value.text);
    }
}

std::string_view cim_text(const wsman::cim::Value& value, std::string& made) {
    if (value.form == Form::text && !looks_like_dmtf(value.text)) return value.text;
    made = cim_text(value);
    return made;
}

}  // namespace mullion::client
