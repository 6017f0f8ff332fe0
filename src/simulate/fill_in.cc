#include "simulate/script.h"

namespace mullion::simulate {
namespace {

struct Known {
    const Names& names;
    const CommandText& command;
    const std::vector<std::string>& groups;

    // Null for a name that stands for nothing: it stays as it is, since texts of PowerShell have braces.
    [[nodiscard]] const std::string* find(std::string_view name) const {
        if (name == "host") return &names.host;
        if (name == "address") return &names.address;
        if (name == "user") return &names.user;
        if (name == "cwd") return &names.directory;
        if (name == "command") return &command.shown();
        if (name.size() == 1 && name[0] >= '0' && name[0] <= '9') {
            const auto index = static_cast<std::size_t>(name[0] - '0');
            if (index < groups.size()) return &groups[index];
        }
        return nullptr;
    }
};

constexpr std::size_t longest_name = 8;

}  // namespace

std::string fill_in(const std::string& text, const Names& names, const CommandText& command,
                    const std::vector<std::string>& groups) {
    const Known known{names, command, groups};
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto open = text.find('{', at);
        if (open == std::string::npos) break;
        const auto close = text.find('}', open);
        out.append(text, at, open - at);
        const bool short_enough = close != std::string::npos && close - open - 1 <= longest_name;
        const std::string* value =
            short_enough ? known.find(std::string_view(text).substr(open + 1, close - open - 1)) : nullptr;
        out += value != nullptr ? *value : "{";
        at = value != nullptr ? close + 1 : open + 1;
    }
    out.append(text, at);
    return out;
}

}  // namespace mullion::simulate
