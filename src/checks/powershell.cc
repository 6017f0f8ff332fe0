#include "checks/powershell.h"

#include <cstdint>
#include <optional>

#include "encoding/base64.h"
#include "encoding/hex.h"
#include "encoding/utf16.h"
#include "xml/document.h"

namespace mullion::checks {
namespace {

constexpr std::size_t longest_encoded = 8000;  // cmd.exe takes 8,191 characters a line.
constexpr std::string_view clixml_mark = "#< CLIXML";
constexpr std::string_view clixml_space = "http://schemas.microsoft.com/powershell/2004/04";

std::string encoded(std::string_view script) {
    const auto utf16 = encoding::utf8_to_utf16(encoding::to_valid_utf8(script), encoding::ByteOrder::little);
    return encoding::base64_encode(utf16.value_or(""));
}

// Reads the script that stands on standard input; in ASCII, whatever the host's code page is.
constexpr std::string_view bootstrap =
    "$s=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd()));"
    "& ([ScriptBlock]::Create($s))";

// "_x000D_" is U+000D. [MS-PSRP] 2.2.5.3.2
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto digits = text.size() >= 7 && text.starts_with("_x") && text[6] == '_'
                                ? encoding::from_hex(text.substr(2, 4))
                                : std::optional<std::string>();
        if (!digits) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        // Both halves of a character outside the first plane stand one behind the other: UTF-16.
        std::string units = *digits;
        text.remove_prefix(7);
        while (text.size() >= 7 && text.starts_with("_x") && text[6] == '_') {
            const auto more = encoding::from_hex(text.substr(2, 4));
            if (!more) break;
            units += *more;
            text.remove_prefix(7);
        }
        out += encoding::utf16_to_utf8(units, encoding::ByteOrder::big).value_or("\xef\xbf\xbd");
    }
    return out;
}

std::optional<std::string> errors_of(std::string_view xml) {
    const auto document = xml::Document::parse(std::string(xml));
    if (!document.ok() || !document->root().is(clixml_space, "Objs")) return {};
    std::string out;
    for (const auto& text : document->root().children(clixml_space, "S"))
        if (text.attribute("", "S") == "Error") out += unescaped(text.text());
    return out;
}

}  // namespace

PowershellLine powershell_line(std::string_view script, bool no_profile) {
    const std::string start =
        std::string("powershell ") + (no_profile ? "-NoProfile " : "") + "-NonInteractive -EncodedCommand ";
    auto text = encoded(script);
    if (text.size() <= longest_encoded) return {start + text};
    return {start + encoded(bootstrap), encoding::base64_encode(encoding::to_valid_utf8(script))};
}

std::string plain_errors(std::string_view standard_error) {
    std::string out;
    // Each runspace writes a document of its own, and programs that it starts write between them.
    while (!standard_error.empty()) {
        const auto mark = standard_error.find(clixml_mark);
        out += standard_error.substr(0, mark);
        if (mark == std::string_view::npos) break;
        standard_error.remove_prefix(mark);
        const auto begin = standard_error.find("<Objs");
        constexpr std::string_view closing = "</Objs>";
        const auto end = standard_error.find(closing);
        std::optional<std::string> found;
        if (begin != std::string_view::npos && end != std::string_view::npos && begin < end)
            found = errors_of(standard_error.substr(begin, end + closing.size() - begin));
        if (!found) return out + std::string(standard_error);
        out += *found;
        standard_error.remove_prefix(end + closing.size());
        if (standard_error.starts_with("\r\n")) standard_error.remove_prefix(2);
    }
    return out;
}

}  // namespace mullion::checks
