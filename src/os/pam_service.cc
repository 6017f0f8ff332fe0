#include "os/pam_service.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace mullion::os {
namespace {

constexpr std::size_t longest_name = 64;
// Where libpam looks, in this order (pam.d(5)).
constexpr std::array folders{"/etc/pam.d", "/usr/lib/pam.d"};

bool fits(char c) {
    const char small = static_cast<char>(c | 0x20);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

Error wrong(std::string what, std::string advice) {
    Error error(ErrorId::serve_pam, std::move(what));
    error.advice.push_back(std::move(advice));
    return error;
}

}  // namespace

bool is_pam_service_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && name.front() != '.' && name.front() != '-' &&
           name != "other" && std::all_of(name.begin(), name.end(), fits);
}

Result<void> check_pam_service(const PamService& service) {
    for (const char* const folder : folders) {
        const std::string path = fmt::format("{}/{}", folder, service.name);
        struct stat about {};
        if (::stat(path.c_str(), &about) != 0) {
            if (errno == ENOENT) continue;
            return wrong(fmt::format("{}: {}", path, std::strerror(errno)), "See that root can read it.");
        }
        if (!S_ISREG(about.st_mode) || about.st_uid != 0 || (about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
            return wrong(fmt::format("{} is no file of root's that nobody else can write", path),
                         fmt::format("chown root {0}; chmod 644 {0}", path));
        return {};
    }
    return wrong(
        fmt::format("there is no PAM service {0}: neither /etc/pam.d/{0} nor /usr/lib/pam.d/{0}",
                    service.name),
        fmt::format("Copy packaging/pam/mullion to /etc/pam.d/{}, or name another with --pam=SERVICE.",
                    service.name));
}

}  // namespace mullion::os
