// The output of a host on a terminal: what would steer it is shown instead of obeyed.
#pragma once

#include <string>
#include <string_view>

namespace mullion::cli {

// One stream, in pieces of any size. UTF-8 stays as it is, also line ends and tabs; what steers() becomes
// "\x1b" or
// "\u202e", and bytes that are no UTF-8 become "\x9b": some terminals obey that one too.
class TerminalText {
public:
    // With `returns` a return alone, which lets a line be written over, stays as well. Not where the line's
    // beginning is ours: a host must not write its own name there, or another one's.
    explicit TerminalText(bool returns) : returns_(returns) {}

    [[nodiscard]] std::string add(std::string_view output);
    // What is left of a character that was cut.
    [[nodiscard]] std::string flush();

private:
    // How many bytes it has taken from the front; 0: more have to come first.
    [[nodiscard]] std::size_t show_one(std::string& out, std::string_view rest, bool last) const;

    bool returns_;
    std::string held_;  // The beginning of a character, or a return.
};

}  // namespace mullion::cli
