#include "simulate/powershell.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::simulate {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Words parted by blanks; quotes hold one together and fall away.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    bool begun = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
            begun = true;
        } else if (!quoted && (c == ' ' || c == '\t')) {
            if (begun) words.push_back(std::move(word));
            word.clear();
            begun = false;
        } else {
            word += c;
            begun = true;
        }
    }
    if (begun) words.push_back(std::move(word));
    return words;
}

bool is_powershell(std::string_view word) {
    const auto slash = word.find_last_of("\\/");
    if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
    const std::string name = lower(word);
    return name == "powershell" || name == "powershell.exe" || name == "pwsh" || name == "pwsh.exe";
}

// The parameter's name without its dash; empty for what is none.
std::string parameter(std::string_view word) {
    if (word.size() < 2 || (word.front() != '-' && word.front() != '/')) return {};
    word.remove_prefix(word.substr(0, 2) == "--" ? 2 : 1);
    return lower(word);
}

bool begins(std::string_view whole, const std::string& word) {
    return !word.empty() && whole.substr(0, word.size()) == word;
}

// "-ex" and on is -ExecutionPolicy, whose shortest form is -ex or -ep.
bool is_encoded_command(const std::string& name) {
    return name == "ec" || begins("encodedcommand", name);
}

bool takes_the_rest(const std::string& name) {
    return begins("command", name) || begins("file", name);
}

std::optional<std::string> decode(const std::string& base64) {
    const auto bytes = encoding::base64_decode(base64);
    return bytes ? encoding::utf16_to_utf8(*bytes, encoding::ByteOrder::little) : std::nullopt;
}

}  // namespace

PowerShellCall read_powershell_line(std::string_view line) {
    PowerShellCall call;
    const auto words = words_of(line);
    const auto program = std::find_if(words.begin(), words.end(), is_powershell);
    if (program == words.end()) return call;
    call.called = true;
    for (auto at = program + 1; at != words.end(); ++at) {
        const std::string name = parameter(*at);
        const bool last = at + 1 == words.end();
        if (takes_the_rest(name)) {
            call.by_input = !last && *(at + 1) == "-";
            return call;
        }
        if (!is_encoded_command(name)) continue;
        if (!last) call.script = decode(*(at + 1));
        return call;
    }
    return call;
}

}  // namespace mullion::simulate
