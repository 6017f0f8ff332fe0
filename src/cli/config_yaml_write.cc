#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/config_yaml.h"
#include "cli/printable.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using wsman::ConfigAccess;
using wsman::ConfigDocument;
using wsman::ConfigValue;

// Numbers and switches as they are, everything else between quotes: a host may answer anything.
std::string scalar(const wsman::ConfigRow& row, const std::string& text) {
    const bool plain = row.type == wsman::ConfigType::boolean || row.type == wsman::ConfigType::number ||
                       row.type == wsman::ConfigType::port;
    if (plain && wsman::config_text(row, text).ok()) return text;
    const bool harmless = std::none_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
    if (harmless) {
        std::string quoted = "'";
        for (const char c : encoding::to_valid_utf8(text)) quoted += c == '\'' ? "''" : std::string(1, c);
        return quoted + "'";
    }
    std::string quoted = "\"";
    for (const char c : encoding::to_valid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < ' ' || byte == 0x7F)
            quoted += fmt::format("\\x{:02x}", byte);
        else
            quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return quoted + "\"";
}

bool is_written(const wsman::ConfigRow* row) {
    return row != nullptr && (row->access == ConfigAccess::writable || row->access == ConfigAccess::key);
}

std::string in_words(const std::string& source) {
    return source == wsman::policy_source ? "policy" : printable(source);
}

class Page {
public:
    // Each section once, with all that is below it, and each setting once: a host may answer in any order.
    void section(const ConfigDocument& document, const std::string& path, std::size_t depth) {
        std::set<std::string_view> seen;
        for (const auto& one : document.values) {
            const std::string_view whole = one.path;
            if (!whole.starts_with(path)) continue;
            const auto name = whole.substr(path.size(), whole.find('/', path.size()) - path.size());
            if (!seen.insert(name).second) continue;
            if (path.size() + name.size() == whole.size()) {
                value(document, one, name, depth);
                continue;
            }
            const bool known =
                is_config_section(*document.resource, whole.substr(0, path.size() + name.size()));
            text += fmt::format("{}{}{}:\n", std::string(2 * depth, ' '), known ? "" : "# ", printable(name));
            section(document, fmt::format("{}{}/", path, name), depth + 1);
        }
    }

    void instance(const ConfigDocument& document) {
        const bool fixed = !document.source.empty();
        if (fixed) text += fmt::format("  # made by {}:\n", in_words(document.source));
        const char* lead = fixed ? "  # - " : "  - ";
        for (const auto& value : document.values) {
            const auto* row = wsman::find_config_row(*document.resource, value.path);
            if (!is_written(row)) continue;
            text += fmt::format("{}{}: {}\n", lead, value.path, scalar(*row, value.text));
            lead = fixed ? "  #   " : "    ";
        }
    }

    std::string text;

private:
    void value(const ConfigDocument& document, const ConfigValue& value, std::string_view name,
               std::size_t depth) {
        const auto* row = wsman::find_config_row(*document.resource, value.path);
        if (row != nullptr && !is_written(row)) return;
        const auto indent = std::string(2 * depth, ' ');
        if (row == nullptr)
            text += fmt::format("{}# {}: {}   # not known to this version\n", indent, printable(name),
                                printable(value.text));
        else if (!value.source.empty())
            text += fmt::format("{}# {}: {}   # set by {}\n", indent, name, printable(value.text),
                                in_words(value.source));
        else
            text += fmt::format("{}{}: {}\n", indent, name, scalar(*row, value.text));
    }
};

}  // namespace

std::string config_yaml(std::string_view host, const client::ConfigRead& read) {
    Page page;
    page.text = fmt::format("# winrm/config of {}; `mullion config apply TARGET -f FILE` takes it.\n",
                            printable(host));
    std::string_view list;
    for (const auto& document : read.documents) {
        if (document.resource->keys.empty()) {
            page.section(document, "", 0);
            continue;
        }
        if (list != document.resource->root) page.text += fmt::format("{}:\n", document.resource->root);
        list = document.resource->root;
        page.instance(document);
    }
    return std::move(page.text);
}

}  // namespace mullion::cli
