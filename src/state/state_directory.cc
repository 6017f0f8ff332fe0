#include "state/state_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "state/certificate_stores.h"

namespace mullion::state {
namespace {

constexpr std::string_view version_text = "1\n";
constexpr int levels = 2;                     // Of folders in the directory.
constexpr std::chrono::seconds patience{30};  // With others who change it: each takes a moment only.

Error failed(std::string_view what, const std::string& path) {
    return os::system_error(ErrorId::state_directory, fmt::format("{} {}", what, path), errno);
}
Error wrong(const std::string& path, std::string_view what) {
    return {ErrorId::state_directory, fmt::format("{}: {}", path, what)};
}

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};

// Who may own it: whoever runs this; for root also the account it was handed to.
Result<void> check_facts(const std::string& path, const struct stat& facts) {
    if (!S_ISDIR(facts.st_mode)) return wrong(path, "is not a directory");
    const uid_t self = geteuid();
    if (self != 0 && facts.st_uid != self)
        return wrong(path, fmt::format("belongs to uid {}, not to uid {}", facts.st_uid, self));
    if ((facts.st_mode & 077) != 0)
        return wrong(path,
                     fmt::format("mode is {:04o}; others can read it (chmod 700)", facts.st_mode & 07777));
    return {};
}

// Never through a symbolic link, and never a file that has another name elsewhere: the directory may have
// been in the hands of the account already, which must not be given a file of somebody else's. `below` is how
// many more levels of folders belong there: trust/Root has none in it.
Result<void> give_below(int folder, const std::string& name, Owner owner, int below) {
    os::UniqueFd copy(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, CloseFolder> listing(copy ? fdopendir(copy.get()) : nullptr);
    if (!listing) return failed("list", name);
    (void)copy.release();  // The listing's now.
    while (const dirent* entry = readdir(listing.get())) {
        const std::string_view leaf = entry->d_name;
        if (leaf == "." || leaf == ".." || (below == levels && leaf == "shell-users")) continue;
        const std::string path = fmt::format("{}/{}", name, leaf);
        const os::UniqueFd opened(
            openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!opened) return failed("open", path);
        struct stat facts {};
        if (fstat(opened.get(), &facts) != 0) return failed("look at", path);
        const bool directory = S_ISDIR(facts.st_mode);
        if (!directory && (!S_ISREG(facts.st_mode) || facts.st_nlink != 1))
            return wrong(path, "is not a plain file with one name");
        if (directory && below == 0) return wrong(path, "is a directory that does not belong here");
        if (directory) MULLION_TRY(give_below(opened.get(), path, owner, below - 1));
        if (fchown(opened.get(), owner.uid, owner.gid) != 0) return failed("give away", path);
    }
    return {};
}

}  // namespace

Result<StateDirectory> StateDirectory::open(const std::string& path) {
    MULLION_TRY(os::make_directory(path, 0700));
    os::UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return failed("open", path);
    struct stat facts {};
    if (fstat(folder.get(), &facts) != 0) return failed("look at", path);
    MULLION_TRY(check_facts(path, facts));
    StateDirectory directory(path, std::move(folder), {facts.st_uid, facts.st_gid});
    MULLION_TRY(directory.check_version());
    return directory;
}

Result<StateDirectory> StateDirectory::open_existing(const std::string& path) {
    if (!os::file_exists(path))
        return Error{ErrorId::state_directory, fmt::format("{}: there is no such directory", path)};
    return open(path);
}

Result<void> StateDirectory::check_version() const {
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(owner_));
    const std::string file = path_ + "/VERSION";
    if (!os::file_exists(file)) MULLION_TRY(os::write_file_atomic(file, version_text));
    MULLION_ASSIGN(const std::string version, os::read_file(file, 64));
    if (version != version_text)
        return Error{ErrorId::state_version,
                     fmt::format("{} says \"{}\", not 1", file, version.substr(0, 16))};
    for (const auto& folder : store_folders(trust())) MULLION_TRY(os::make_directory(folder, 0700));
    MULLION_TRY(os::make_directory(run(), 0700));
    return os::make_directory(certificates(), 0700);
}

Result<void> StateDirectory::lock() {
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(owner_));
    MULLION_ASSIGN(os::LockFile lock, os::LockFile::acquire(path_ + "/lock"));
    lock_.emplace(std::move(lock));
    os::remove_unfinished(path_);
    os::remove_unfinished(certificates());
    for (const auto& folder : store_folders(trust())) os::remove_unfinished(folder);
    // Of a service that was killed: nobody listens there any more.
    const os::UniqueFd folder(::open(run().c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder) (void)::unlinkat(folder.get(), "admin.sock", 0);
    return {};
}

// The folder itself is locked: a file for it would be in the hands of the account that owns the folder, while
// root opens it.
Result<StateDirectory::Change> StateDirectory::change() {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (flock(folder_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) return failed("lock", path_);
        if (std::chrono::steady_clock::now() >= until)
            return Error{
                ErrorId::state_locked,
                fmt::format("{}: another program changes it, and has for {} s", path_, patience.count())};
        poll(nullptr, 0, 10);
    }
    Change change(folder_.get());
    struct stat facts {};  // Whoever had it may have given it away.
    if (fstat(folder_.get(), &facts) != 0) return failed("look at", path_);
    owner_ = {facts.st_uid, facts.st_gid};
    return change;
}

StateDirectory::Change::~Change() {
    if (folder_ >= 0) (void)flock(folder_, LOCK_UN);
}

Result<void> StateDirectory::give_to(Owner owner) {
    MULLION_TRY(give_below(folder_.get(), path_, owner, levels));
    if (fchown(folder_.get(), owner.uid, owner.gid) != 0) return failed("give away", path_);
    owner_ = owner;
    return {};
}

Result<void> StateDirectory::open_again() {
    os::UniqueFd folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat before {};
    struct stat now {};
    if (!folder || fstat(folder_.get(), &before) != 0 || fstat(folder.get(), &now) != 0)
        return failed("open again", path_);
    if (before.st_dev != now.st_dev || before.st_ino != now.st_ino)
        return Error{ErrorId::state_directory, path_ + ": it is another folder than a moment ago"};
    folder_ = std::move(folder);
    return {};
}

Result<std::string> StateDirectory::config_text() const {
    const std::string file = path_ + "/winrm.yaml";
    if (!os::file_exists(file)) return std::string();
    return os::read_file(file, 1024 * 1024);
}

Result<ActAsOwner> ActAsOwner::begin(Owner owner) {
    if (geteuid() != 0 || owner.uid == 0) return ActAsOwner(false);
    if (setegid(owner.gid) != 0 || seteuid(owner.uid) != 0)
        return os::system_error(ErrorId::state_directory, fmt::format("act as uid {}", owner.uid), errno);
    return ActAsOwner(true);
}

ActAsOwner::~ActAsOwner() {
    if (!active_) return;
    // Going on with the wrong rights would be worse than stopping.
    if (seteuid(0) != 0 || setegid(0) != 0) std::abort();
}

}  // namespace mullion::state
