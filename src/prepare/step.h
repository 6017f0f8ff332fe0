// What is done on the other side, as data: steps in an order, each of a kind that a script knows how to
// check, do and put back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mullion::prepare {

// The part of a document that a step does.
struct Citation {
    std::string_view document;
    std::string_view section;
};

// One value of a step: text is quoted when it is written.
struct Setting {
    std::string_view name;
    std::variant<std::string, std::int64_t, std::vector<std::string>> value;
};

struct Step {
    std::string id;
    std::vector<std::string> needs;  // Steps ahead of this one, without which it is skipped.
    std::string title;               // What is so once it is done.
    std::string_view kind;           // The functions Test-, Save-, Set- and Undo-KIND of a part.
    std::vector<Setting> with;
    std::vector<Citation> cites;
};

struct Plan {
    std::string command;  // As it was asked for, "prepare host": for the header.
    std::string journal;  // What the journal on the host is called; letters, digits, '.', '-' and '_'.
    std::vector<std::string_view> parts;  // Of powershell/, behind the engine.
    std::vector<Step> steps;
    std::string new_account;  // Its password is asked for where it has to be made; empty: none is.
};

enum class Mode { apply, check, undo };
[[nodiscard]] std::string_view mode_name(Mode mode);  // "Apply", as the script's parameter has it.

// The documents that the steps come from.
namespace documents {
inline constexpr std::string_view remote_management = "Ansible, Windows Remote Management";
inline constexpr std::string_view setup = "Ansible, WinRM Setup";
inline constexpr std::string_view local =
    "Centreon, Windows WSMAN Configuration tutorial, Local Configuration";
inline constexpr std::string_view domain =
    "Centreon, Windows WSMAN Configuration tutorial, Domain Configuration";
}  // namespace documents

}  // namespace mullion::prepare
