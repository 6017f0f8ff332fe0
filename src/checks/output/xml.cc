#include "checks/output/forms.h"
#include "core/utf8.h"

namespace mullion::checks {
namespace {

constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

// XML 1.0 2.2: of what is below a blank only these three, and neither U+FFFE nor U+FFFF.
bool allowed(const Utf8Character& character) {
    if (!character.valid || character.code == 0xFFFE || character.code == 0xFFFF) return false;
    return character.code >= ' ' || character.code == '\t' || character.code == '\n' ||
           character.code == '\r';
}

void add_plain(std::string& to, char c, bool attribute) {
    if (c == '&')
        to += "&amp;";
    else if (c == '<')
        to += "&lt;";
    else if (c == '>')
        to += "&gt;";
    else if (c == '"' && attribute)
        to += "&quot;";
    else if (c == '\r' || (attribute && (c == '\n' || c == '\t')))
        to += "&#" + std::to_string(c) + ";";
    else
        to += c;
}

std::string escaped(std::string_view text, bool attribute = false) {
    std::string result;
    while (!text.empty()) {
        const auto character = decode_utf8(text);
        // As the rest of Mullion writes what XML forbids, and Windows does.
        if (!allowed(character))
            result += '?';
        else if (character.length == 1)
            add_plain(result, text.front(), attribute);
        else
            result += text.substr(0, character.length);
        text.remove_prefix(character.length);
    }
    return result;
}

std::string element(std::string_view name, std::string_view text, std::string_view indent) {
    const auto front = std::string(indent) + "<" + std::string(name);
    if (text.empty()) return front + "/>\n";
    return front + ">" + escaped(text) + "</" + std::string(name) + ">\n";
}

std::string list(std::string_view name, const std::string& inner, std::string_view indent) {
    const auto front = std::string(indent) + "<" + std::string(name);
    if (inner.empty()) return front + "/>\n";
    return front + ">\n" + inner + std::string(indent) + "</" + std::string(name) + ">\n";
}

std::string output(std::string_view type, const std::string* status, const std::string& text) {
    auto inner = element("type", type, "      ");
    if (status != nullptr) inner += element("exit", *status, "      ");
    return list("output", inner + element("msg", text, "      "), "    ");
}

std::string instances_of(const ShownMetric& metric) {
    std::string text;
    for (const auto& instance : metric.instances) text += (text.empty() ? "" : "~") + instance;
    return text;
}

std::string metric_as_xml(const ShownMetric& metric, const std::string& mode) {
    constexpr std::string_view indent = "      ";
    auto inner = element("label", metric.label, indent) + element("value", metric.value, indent) +
                 element("unit", metric.unit, indent) + element("warning", metric.warning, indent) +
                 element("critical", metric.critical, indent) + element("min", metric.min, indent) +
                 element("max", metric.max, indent) + element("mode", mode, indent);
    if (!metric.name.empty()) inner += element("nlabel", metric.name, indent);
    if (!metric.instances.empty()) inner += element("instances", instances_of(metric), indent);
    return list("perfdata", inner, "    ");
}

}  // namespace

std::string as_xml(const Sheet& sheet) {
    std::string outputs;
    for (const auto& [status, text] : sheet.texts)
        outputs += output("1", &status, (sheet.labelled ? status + ": " : "") + text);
    for (const auto& line : sheet.lines) outputs += output("2", nullptr, line);
    std::string metrics;
    for (const auto& metric : sheet.metrics) metrics += metric_as_xml(metric, sheet.mode);
    return std::string(head) + list("plugin",
                                    element("name", sheet.plugin, "  ") + element("mode", sheet.mode, "  ") +
                                        element("exit", sheet.exit, "  ") + list("outputs", outputs, "  ") +
                                        list("perfdatas", metrics, "  "),
                                    "");
}

std::string found_as_xml(const std::vector<Discovered>& found) {
    std::string labels;
    for (const auto& thing : found) {
        labels += "  <label";
        for (const auto& [name, value] : thing) labels += " " + name + "=\"" + escaped(value, true) + "\"";
        labels += "/>\n";
    }
    return std::string(head) + list("data", labels, "");
}

std::string attributes_as_xml(const std::vector<std::string>& attributes) {
    std::string elements;
    for (const auto& name : attributes) elements += element("element", name, "  ");
    return std::string(head) + list("data", elements, "");
}

}  // namespace mullion::checks
