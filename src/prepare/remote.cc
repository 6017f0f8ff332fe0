#include "prepare/remote.h"

#include <fmt/core.h>

#include <utility>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::prepare {
namespace {

// $input, not [Console]::In: powershell.exe itself reads standard input into $input while the command runs.
constexpr std::string_view bootstrap =
    "$ErrorActionPreference='Stop';$l=@($input);$c=([string]$l[0]).Split(' ');"
    "$s=[Text.Encoding]::ASCII.GetString([Convert]::FromBase64String([string]$l[1]));$p=$null;"
    "if($c[1] -ne '-'){$p=New-Object System.Security.SecureString;"
    "foreach($x in "
    "[Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($c[1])).ToCharArray()){$p.AppendChar($x)}"
    "};"
    "$l=$null;& ([ScriptBlock]::Create($s)) -Over $c[0] -Password $p";

}  // namespace

std::string remote_command() {
    const auto utf16 = encoding::utf8_to_utf16(bootstrap, encoding::ByteOrder::little).value_or("");
    return "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand " +
           encoding::base64_encode(utf16);
}

std::string logon_of(const std::vector<std::string>& transports) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"basic", "Basic"},       {"plaintext", "Basic"}, {"certificate", "Certificate"},
        {"kerberos", "Kerberos"}, {"ntlm", "Negotiate"},  {"negotiate", "Negotiate"},
        {"credssp", "CredSSP"},
    };
    if (transports.size() != 1) return {};
    for (const auto& [word, name] : names)
        if (word == transports.front()) return std::string(name);
    return {};
}

Secret remote_input(std::string_view script, const Way& way, const Secret* password) {
    std::string text = fmt::format("{}:{}", way.https ? "https" : "http", way.port);
    if (!way.logon.empty()) text += ":" + way.logon;
    text += ' ';
    if (password == nullptr) {
        text += '-';
    } else {
        std::string utf16 =
            encoding::utf8_to_utf16(password->expose(), encoding::ByteOrder::little).value_or("");
        std::string base64 = encoding::base64_encode(utf16);
        text.reserve(text.size() + base64.size() + 2 * script.size());  // No copy is left behind by growing.
        text += base64;
        wipe(utf16);
        wipe(base64);
    }
    text += '\n';
    text += encoding::base64_encode(script);
    text += '\n';
    Secret whole(text);
    wipe(text);
    return whole;
}

}  // namespace mullion::prepare
