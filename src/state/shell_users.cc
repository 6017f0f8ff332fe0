#include "state/shell_users.h"

#include <unistd.h>

#include <algorithm>

#include "os/file.h"

namespace mullion::state {

Result<std::vector<std::string>> read_shell_users(const std::string& path) {
    std::vector<std::string> users;
    if (!os::file_exists(path)) return users;
    // The folder belongs to the network process: a list that it made would become root's by being written
    // again.
    MULLION_ASSIGN(const std::string text, os::read_trusted_file(path, ::geteuid(), 1024 * 1024));
    // As the monitor reads it: a last line without its end is no name.
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        if (end != begin) users.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return users;
}

Result<void> write_shell_users(const std::string& path, std::vector<std::string> users) {
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    std::string text;
    for (const auto& user : users) text += user + "\n";
    return os::write_file_atomic(path, text, 0644);
}

}  // namespace mullion::state
