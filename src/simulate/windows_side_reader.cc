// `prepare:` of a host: {done: all or [steps], fails: {step: text}, ends_after: step}.
#include <array>

#include "simulate/fleet_reader.h"
#include "simulate/windows_side.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;

constexpr std::size_t longest_text = 1'000;

Result<std::string> step_name_of(const std::string& text, unsigned line) {
    if (text.empty() || text.size() > 64 ||
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        return at_line(line, "a step is a name as mullion prepare prints it: listener-https");
    return text;
}

Result<void> read_done(FileReader&, WindowsSideSpec& into, const Entry& entry) {
    if (entry.value.kind == yaml::Node::Kind::scalar) {
        MULLION_ASSIGN(const auto word, text_of(entry));
        if (word != "all") return at_line(entry.line, "done is all, or a list of steps");
        into.all = true;
        return {};
    }
    MULLION_TRY(expect_list(entry));
    for (const auto& node : entry.value.list) {
        MULLION_ASSIGN(auto name, step_name_of(node.scalar, node.line));
        into.done.insert(std::move(name));
    }
    return {};
}

Result<void> read_fails(FileReader&, WindowsSideSpec& into, const Entry& entry) {
    MULLION_TRY(expect_map(entry.value, "fails"));
    for (const auto& one : entry.value.map) {
        MULLION_ASSIGN(auto name, step_name_of(one.key, one.line));
        MULLION_ASSIGN(auto text, text_of(one));
        if (text.size() > longest_text || text.find_first_of("\r\n\t") != std::string::npos)
            return at_line(one.line,
                           "what a step says is one line of at most 1,000 characters, without tabs");
        into.fails.emplace(std::move(name), std::move(text));
    }
    return {};
}

Result<void> read_end(FileReader&, WindowsSideSpec& into, const Entry& entry) {
    MULLION_ASSIGN(const auto text, text_of(entry));
    MULLION_ASSIGN(into.ends_after, step_name_of(text, entry.line));
    return {};
}

constexpr std::array<Key<WindowsSideSpec>, 3> side_keys{{
    {"done", read_done},
    {"fails", read_fails},
    {"ends_after", read_end},
}};

}  // namespace

void list_windows_side_keys(FleetKeys& into) {
    into["prepare"] = names_of_keys(side_keys);
}

Result<void> read_windows_side(FileReader& reader, Traits& into, const Entry& entry) {
    auto spec = std::make_shared<WindowsSideSpec>();
    MULLION_TRY(read_map(reader, *spec, entry.value, side_keys, "prepare"));
    into.windows_side = std::move(spec);
    return {};
}

}  // namespace mullion::simulate
