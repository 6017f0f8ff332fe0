#include "monitor/policy.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"

namespace mullion::monitor {
namespace {

constexpr std::size_t file_limit = 256 * 1024;
constexpr std::size_t names_limit = 4096;
constexpr std::size_t by_pam_limit = 65'536;

Error refused(std::string_view why) {
    return {ErrorId::serve_rights, std::string(why)};
}

}  // namespace

std::vector<std::string> parse_shell_users(std::string_view text) {
    std::vector<std::string> names;
    if (text.find('\0') != std::string_view::npos) return names;
    // A last line without its end was cut, and the start of a name is another name.
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        if (names.size() == names_limit) return {};
        names.emplace_back(line);
    }
    return names;
}

Result<void> Policy::allowed(const std::string& name) const {
    const std::string path = directory_ + "/shell-users";
    MULLION_ASSIGN(const std::string text, os::read_trusted_file(path, 0, file_limit));
    const auto names = parse_shell_users(text);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        return refused(fmt::format("{} is not listed in {}", name, path));
    }
    return {};
}

Result<void> Policy::let_in_by_pam(const std::string& name, uid_t uid) {
    if (uid == 0) return allowed(name);  // Asked for again with each command: it is not remembered.
    if (by_pam_.size() < by_pam_limit || by_pam_.contains(name)) {
        by_pam_.insert(name);
        return {};
    }
    return refused(fmt::format("{} Linux users have come in by PAM already", by_pam_limit));
}

Result<Person> Policy::person(const std::string& name, Refusal& refusal) const {
    if (!os::is_root()) {
        MULLION_ASSIGN(os::User own, os::current_user());
        if (own.name != name) {
            refusal = {EPERM, "become user"};
            return refused(fmt::format("{} cannot become {}", own.name, name));
        }
        return Person{std::move(own), {}, false};
    }
    if (auto fine = by_pam_.contains(name) ? Result<void>() : allowed(name); !fine.ok()) {
        refusal = {EPERM, "become user"};
        return std::move(fine).error();
    }
    auto found = os::find_user(name);
    if (!found.ok() || !found->has_value()) {
        refusal = {ENOENT, "look up user"};
        return refused(fmt::format("there is no user {}", name));
    }
    os::User user = **std::move(found);
    std::vector<gid_t> groups = os::groups_of(user);
    return Person{std::move(user), std::move(groups), true};
}

}  // namespace mullion::monitor
