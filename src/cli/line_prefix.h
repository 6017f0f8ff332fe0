// "host | line": whose line it is, when several hosts write to one terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mullion::cli {

// One stream of one host. What it gives are whole lines, so that lines of different hosts never mix.
class LinePrefix {
public:
    static constexpr std::size_t longest_line = 64 * 1024;

    explicit LinePrefix(std::string prefix) : prefix_(std::move(prefix)) {}

    // The lines that are complete now, as they are (CRLF stays). A line over the limit is several lines.
    [[nodiscard]] std::string add(std::string_view bytes);
    // What the host ended without a line end, with one.
    [[nodiscard]] std::string flush();

private:
    void put_line(std::string& lines, std::string_view bytes);

    std::string prefix_;
    std::string partial_;
};

// Without the beginning of a character that was cut at the end.
[[nodiscard]] std::string_view whole_characters(std::string_view text);

}  // namespace mullion::cli
