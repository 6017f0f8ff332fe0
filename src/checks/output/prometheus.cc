// The text format of Prometheus (exposition_formats.md, "Text-based format").
#include <map>

#include "checks/output/forms.h"

namespace mullion::checks {
namespace {

bool name_character(char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (!first && c >= '0' && c <= '9');
}

std::string metric_name(std::string_view label) {
    std::string name;
    for (const char c : label) name += name_character(c, name.empty()) ? c : '_';
    return name.empty() ? "_" : name;
}

std::string label_value(std::string_view text, bool compat) {
    if (compat) return std::string(text);
    std::string value;
    for (const char c : text) {
        if (c == '\n')
            value += "\\n";
        else if (c == '\\' || c == '"')
            (value += '\\') += c;
        else
            value += c;
    }
    return value;
}

struct Named {
    std::string name, instance;
};

// 'instance#name': its two halves. Names of metrics have no '#', those of things may: Centreon takes the
// first.
Named halves(const std::string& label, bool compat) {
    const auto at = compat ? label.find('#') : label.rfind('#');
    if (at == std::string::npos) return {label, {}};
    return {label.substr(at + 1), label.substr(0, at)};
}

}  // namespace

std::string as_metrics(const Sheet& sheet, WallTime now, bool compat) {
    using std::chrono::milliseconds, std::chrono::seconds;
    const auto since = now.time_since_epoch();
    // Centreon's clock has whole seconds.
    const auto at =
        (compat ? milliseconds(std::chrono::floor<seconds>(since)) : std::chrono::floor<milliseconds>(since))
            .count();
    std::vector<std::pair<std::string, std::string>> groups;  // All of one name stand together.
    std::map<std::string, std::size_t> places;
    for (const auto& metric : sheet.metrics) {
        const auto [label, instance] = halves(metric.label, compat);
        const auto name = compat ? label : metric_name(label);
        auto line = name + "{plugin=\"" + sheet.plugin + "\",mode=\"" + sheet.mode + "\"";
        const auto add = [&](std::string_view key, const std::string& value) {
            if (!value.empty()) line += "," + std::string(key) + "=\"" + label_value(value, compat) + "\"";
        };
        add("unit", metric.unit);
        add("warning", metric.warning);
        add("critical", metric.critical);
        add("min", metric.min);
        add("max", metric.max);
        add("instance", instance);
        line += "} " + metric.value + " " + std::to_string(at) + "\n";
        const auto key = compat ? std::string() : name;
        const auto [place, fresh] = places.try_emplace(key, groups.size());
        if (fresh) groups.emplace_back(name, std::string());
        groups[place->second].second += line;
    }
    std::string text;
    for (const auto& [name, lines] : groups) text += (compat ? "" : "# TYPE " + name + " gauge\n") + lines;
    return text;
}

}  // namespace mullion::checks
