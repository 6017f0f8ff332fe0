#include "doctor/module_path.h"

#include <cctype>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::doctor {
namespace {

constexpr std::size_t most_shares = 8, longest_share = 200;

// PowerShell breaks its messages at the width of a window that is not there, and CLIXML wraps each line in an
// element: only letters in a row are left.
std::string letters_of(std::string_view output) {
    std::string letters;
    bool in_element = false;
    for (std::size_t at = 0; at < output.size(); ++at) {
        if (output.substr(at).starts_with("_x00")) {  // "_x000D_"
            at += 6;
            continue;
        }
        const auto c = static_cast<unsigned char>(output[at]);
        if (c == '<') in_element = true;
        if (!in_element && std::isalpha(c) != 0) letters += static_cast<char>(std::tolower(c));
        if (c == '>') in_element = false;
    }
    return letters;
}

}  // namespace

std::string module_probe() {
    const auto script =
        encoding::utf8_to_utf16("$env:PSModulePath; 'mullion' | Out-String", encoding::ByteOrder::little);
    return "powershell -NoProfile -NonInteractive -EncodedCommand " +
           encoding::base64_encode(script.value_or(""));
}

bool tells_module_failure(std::string_view output) {
    const auto letters = letters_of(output);
    return letters.find("themodulecouldnotbeloaded") != std::string::npos ||
           letters.find("couldnotautoloadm") != std::string::npos;
}

std::vector<std::string> shares_in(std::string_view output) {
    std::vector<std::string> shares;
    std::size_t at = 0;
    while (at < output.size() && shares.size() < most_shares) {
        const auto end = output.find_first_of(";\r\n", at);
        const auto part = output.substr(at, end == std::string_view::npos ? end : end - at);
        if (part.starts_with("\\\\")) shares.emplace_back(part.substr(0, longest_share));
        if (end == std::string_view::npos) break;
        at = end + 1;
    }
    return shares;
}

}  // namespace mullion::doctor
