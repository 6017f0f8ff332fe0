#include "checks/wql_text.h"

namespace mullion::checks {
namespace {

bool is_slash(char c) {
    return c == '/' || c == '\\';
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string wql_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '\\' || c == '\'' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

bool split_folder(std::string_view text, Folder& folder) {
    const bool rooted = text.starts_with('/');  // There a backslash is a letter of a name.
    if (!rooted && (text.size() < 2 || !is_letter(text[0]) || text[1] != ':')) return false;
    const char slash = rooted ? '/' : '\\';
    folder.drive = rooted ? std::string_view() : text.substr(0, 2);
    folder.path.clear();
    for (const char c : text.substr(folder.drive.size())) {
        const bool parts = rooted ? c == '/' : is_slash(c);
        const bool again = parts && folder.path.ends_with(slash);
        if (!again) folder.path += parts ? slash : c;
    }
    if (!folder.path.ends_with(slash)) folder.path += slash;
    return true;
}

}  // namespace mullion::checks
