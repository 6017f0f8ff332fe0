// What several messages of shells share. Internal to the room.
#pragma once

#include "wsman/fault.h"
#include "wsman/shell.h"
#include "wsman/values.h"

namespace mullion::wsman {

// Of a shell or command, as an answer names it. They are GUIDs, and each further request repeats them.
inline constexpr std::size_t longest_id = 256;

using Environment = std::vector<std::pair<std::string, std::string>>;

// The head of a request to one shell, by its ShellId selector.
[[nodiscard]] RequestHead shell_head(std::string_view action, std::string_view resource,
                                     std::string_view message_id, std::string_view shell_id,
                                     std::vector<Option> options = {});
[[nodiscard]] Option boolean_option(std::string_view name, bool value, bool must_comply = false);

void write_environment(xml::Writer& out, const Environment& environment);
[[nodiscard]] Environment read_environment(const xml::Element& shell);

// rsp:Shell in an answer; the writer stands where it belongs and has the prefix rsp.
void write_shell_info(xml::Writer& out, const ShellInfo& shell);
[[nodiscard]] ShellInfo read_shell_info(const xml::Element& shell);

}  // namespace mullion::wsman
