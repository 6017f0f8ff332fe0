#include "cli/namesake_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "target/option_table.h"

namespace mullion::cli {
namespace {

// Where it takes more than putting words together.
constexpr std::pair<std::string_view, std::string_view> whole_lines[] = {
    {"See --help of the command.", "winrm -? and winrs -? show what they take."},
    {"Use --password-file FILE, --password-file - (standard input) or MULLION_PASSWORD_FILE, or -k on a "
     "terminal.",
     "Use --password-file=FILE, --password-file=- (standard input) or MULLION_PASSWORD_FILE; on a terminal "
     "it "
     "is asked for."},
    {"Give a user with -u and a password with --password-file or -k.",
     "Give a user with -username:NAME and a password with --password-file=FILE; on a terminal it is asked "
     "for."},
    {"Try again, or use --wait-for SECONDS.", "Try again."},
    {"Use --wait-for SECONDS for a host that is booting, or whose service an installer restarts; from "
     "another "
     "Windows host psexec needs no WinRM.",
     "Try again when the host has booted, or its installer is through; from another Windows host psexec "
     "needs "
     "no WinRM."},
    {"Use its switches for unattended work (/quiet, /S, -Force), and --stdin for what it reads.",
     "Use its switches for unattended work (/quiet, /S, -Force), and standard input for what it reads."},
    {"The command line is too long for the host: start an interpreter and give it the text by --stdin.",
     "The command line is too long for the host: start an interpreter and give it the text by standard "
     "input."},
    {"Raise --operation-timeout.", "Raise --operation-timeout=SECONDS; of winrm that is -timeout:MS."},
};

// Values that are no placeholders.
constexpr std::array literals{"ntlm", "negotiate", "kerberos", "credssp", "certificate",    "basic",
                              "auto", "never",     "always",   "none",    "host",           "no",
                              "yes",  "-",         "skip-ca",  "skip-cn", "skip-revocation"};

bool is_known(std::string_view flag) {
    if (flag == "--password-file" || flag == "--state") return true;
    const auto& rows = target::option_table();
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.flag == flag; });
}

bool takes_value(std::string_view flag) {
    if (flag == "--password-file" || flag == "--state") return true;
    for (const auto& row : target::option_table())
        if (row.flag == flag) return !row.type.empty();
    return false;
}

std::string_view without_marks(std::string_view word) {
    while (!word.empty() && std::string_view(",.;:)").find(word.back()) != std::string_view::npos)
        word.remove_suffix(1);
    return word;
}

// "FILE", "HOST[:PORT]", "sha256:HEX", "ntlm"
bool is_value(std::string_view word) {
    word = without_marks(word);
    if (std::find(literals.begin(), literals.end(), word) != literals.end()) return true;
    if (word.starts_with("sha256:")) return true;
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    return word.size() > 1 && capital(word[0]) && std::none_of(word.begin(), word.end(), small);
}

// The option that a word is, "--ca-file" of "(--ca-file)"; empty for any other word.
std::string_view option_in(std::string_view word) {
    const auto begin = word.find("--");
    if (begin == std::string_view::npos || (begin != 0 && word[begin - 1] != '(')) return {};
    word.remove_prefix(begin);
    const auto end = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-");
    return word.substr(0, end);
}

// Commands of others, and other commands of ours, have options of their own.
bool is_of_another(std::string_view line) {
    for (const std::string_view name : {"mullion ", "apt ", "kinit -", "klist -", "openssl "})
        if (line.find(name) != std::string_view::npos) return true;
    return false;
}

}  // namespace

std::string in_namesake_words(std::string_view line) {
    for (const auto& [from, to] : whole_lines)
        if (line == from) return std::string(to);
    if (is_of_another(line)) return std::string(line);
    std::string out;
    bool wants_value = false;
    while (!line.empty()) {
        const auto word = line.substr(0, line.find(' '));
        line.remove_prefix(std::min(word.size() + 1, line.size()));
        const auto option = option_in(word);
        if (!option.empty() && !is_known(option)) return {};
        if (!out.empty()) out += wants_value && is_value(word) ? '=' : ' ';
        out += word;
        // A mark behind it ends what is said of it.
        wants_value = !option.empty() && word.ends_with(option) && takes_value(option);
    }
    return out;
}

}  // namespace mullion::cli
