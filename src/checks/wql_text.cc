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
    if (text.size() < 2 || !is_letter(text[0]) || text[1] != ':') return false;
    folder.drive = text.substr(0, 2);
    folder.path.clear();
    for (const char c : text.substr(2)) {
        const bool again = is_slash(c) && !folder.path.empty() && folder.path.back() == '\\';
        if (!again) folder.path += is_slash(c) ? '\\' : c;
    }
    if (folder.path.empty() || folder.path.back() != '\\') folder.path += '\\';
    return true;
}

}  // namespace mullion::checks
