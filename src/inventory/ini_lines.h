// The outer form of INI inventories: lines, and the headers of sections.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mullion::inventory {

// Lines as Python's splitlines() finds them, so that their numbers are Ansible's. A byte order mark is no
// part of the first.
[[nodiscard]] std::vector<std::string_view> ini_lines(std::string_view text);

// Without white space around it.
[[nodiscard]] std::string_view trim(std::string_view text);

// "[web:vars]  # comment"
struct SectionHeader {
    std::string_view group;
    std::string_view kind;  // "vars", "children" …; empty: hosts.
};
[[nodiscard]] std::optional<SectionHeader> section_header(std::string_view line);

// "web  # comment", in a section of children.
[[nodiscard]] std::optional<std::string_view> child_name(std::string_view line);

}  // namespace mullion::inventory
