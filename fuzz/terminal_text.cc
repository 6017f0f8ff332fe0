// Output on a terminal: whatever it is and however it is cut, nothing steers, and nothing is lost.
#include <cstdint>

#include "check.h"
#include "cli/printable.h"
#include "cli/terminal_text.h"
#include "core/utf8.h"
#include "encoding/utf16.h"

using namespace mullion;

namespace {

bool steers_anywhere(std::string_view text, bool lines, bool returns) {
    while (!text.empty()) {
        const auto character = decode_utf8(text);
        const bool line = lines && (text[0] == '\n' || text[0] == '\t');
        // A return is there before a line's end, or alone where it may be.
        const bool back = lines && text[0] == '\r' && (returns || text.substr(1, 1) == "\n");
        if (!character.valid || (steers(character.code) && !line && !back)) return true;
        text.remove_prefix(character.length);
    }
    return false;
}

std::string shown(std::string_view input, std::size_t piece, bool returns) {
    cli::TerminalText terminal(returns);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += piece) out += terminal.add(input.substr(at, piece));
    return out + terminal.flush();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = 1 + data[0] % 7;
    const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (const bool returns : {true, false}) {
        const auto whole = shown(input, input.size() + 1, returns);
        FUZZ_CHECK(!steers_anywhere(whole, true, returns));
        FUZZ_CHECK(shown(input, piece, returns) == whole);
        FUZZ_CHECK(whole.size() >= input.size());
    }
    const auto line = one_line(input);
    FUZZ_CHECK(!steers_anywhere(line, false, false));
    FUZZ_CHECK(one_line(line) == line);
    FUZZ_CHECK(!steers_anywhere(cli::printable(input), false, false));
    if (encoding::is_utf8(input)) FUZZ_CHECK(encoding::is_utf8(cli::escaped_json(std::string(input))));
    return 0;
}
