#include "monitor/commands_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>

namespace mullion::monitor {

std::string commands_folder() {
    std::array<char, PATH_MAX> self{};
    const ssize_t size = ::readlink("/proc/self/exe", self.data(), self.size());
    if (size <= 0 || static_cast<std::size_t>(size) == self.size()) return {};
    std::string path(self.data(), static_cast<std::size_t>(size));
    path.replace(path.rfind('/') + 1, std::string::npos, "commands");
    struct stat about {};
    const bool ours = ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
                      (about.st_uid == 0 || about.st_uid == ::geteuid()) &&
                      (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    // A colon would part it in two.
    return ours && path.find(':') == std::string::npos ? path : std::string();
}

}  // namespace mullion::monitor
