#include "state/config_store.h"

#include <sys/stat.h>

#include <fmt/core.h>

#include "os/file.h"
#include "os/user.h"
#include "state/config_file.h"
#include "state/config_nodes.h"
#include "state/policy_files.h"
#include "state/state_directory.h"

namespace mullion::state {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

Result<std::string> text_of(const std::string& file) {
    if (is_missing(file)) return std::string();
    return os::read_file(file, largest_file);
}

Error in_file(const std::string& file, Error error) {
    error.detail = fmt::format("{}: {}", file, error.detail);
    return error;
}

// A file that the next start could not read is not written: too many listeners or mappings, too many bytes.
Result<void> can_be_read(const std::string& file, const std::string& text) {
    if (text.size() > largest_file)
        return Error{ErrorId::config_invalid,
                     fmt::format("{} would be longer than {} bytes", file, largest_file)};
    auto again = read_layer(text);
    if (!again.ok()) return in_file(file + " would be wrong", std::move(again).error());
    return {};
}

// It would be a file of its own then, and no longer what its owner has in his hands elsewhere.
Result<void> is_not_a_link(const std::string& file) {
    struct stat facts {};
    if (::lstat(file.c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode)) return {};
    Error error(ErrorId::state_directory, file + " is a symbolic link: it is changed where it leads to");
    error.advice.emplace_back(
        "Change that file by hand and send the service SIGHUP, or put a file of its own there.");
    return error;
}

std::string with_owner(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return path + " (gone)";
    const auto user = os::find_user(facts.st_uid);
    if (user.ok() && *user) return fmt::format("{} (of {})", path, (*user)->name);
    return fmt::format("{} (of uid {})", path, facts.st_uid);
}

}  // namespace

std::string ConfigStore::different_files(const ConfigTree& a, const ConfigTree& b) const {
    std::string out;
    if (!(a.file == b.file)) out = with_owner(state_ + "/winrm.yaml");
    if (!(a.policy == b.policy)) out += (out.empty() ? "" : ", ") + with_owner(state_ + "/policy.d");
    return out;
}

Result<ConfigTree> ConfigStore::read() const {
    const std::string file = state_ + "/winrm.yaml";
    ConfigTree tree;
    MULLION_ASSIGN(const std::string text, text_of(file));
    auto layer = read_layer(text);
    if (!layer.ok()) return in_file(file, std::move(layer).error());
    tree.file = std::move(*layer);
    tree.command_line = command_line_;
    MULLION_ASSIGN(tree.policy, read_policies(state_ + "/policy.d"));
    return tree;
}

Result<ConfigTree> ConfigStore::change(const Edit& edit, const Approve& approve) const {
    const std::string file = state_ + "/winrm.yaml";
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open(state_));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(ConfigTree tree, read());
    MULLION_ASSIGN(ConfigLayer wanted, edit(tree));
    if (wanted == tree.file) return tree;
    tree.file = std::move(wanted);
    if (approve) MULLION_TRY(approve(tree));
    MULLION_TRY(is_not_a_link(file));
    MULLION_ASSIGN(const std::string before, text_of(file));
    MULLION_ASSIGN(const std::string after, edit_layer(before, tree.file));
    MULLION_TRY(can_be_read(file, after));
    MULLION_TRY(os::write_file_atomic(file, after, 0600));
    return tree;
}

}  // namespace mullion::state
