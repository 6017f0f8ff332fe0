// Copies of the store: with nothing in clear, and without what would open them.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "os/file.h"
#include "secrets/store/private_file.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

// Under its name it is whole.
class Beside {
public:
    static Result<Beside> make(const std::string& path) {
        std::string name = path + ".XXXXXX";
        const os::UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));  // Mode 0600.
        if (!file) return os::system_error(ErrorId::secrets_store, "write beside " + path, errno);
        return Beside(std::move(name));
    }
    Beside(Beside&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Beside& operator=(Beside&&) = delete;
    ~Beside() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    // Never in the place of something else.
    Result<void> become(const std::string& name) {
        const int failed = give_name(path_, name);
        if (failed == EEXIST) return Error(ErrorId::secrets_exists, name + " is there already");
        if (failed != 0) return os::system_error(ErrorId::secrets_store, "write " + name, failed);
        path_.clear();
        return {};
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit Beside(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

bool is_there(const std::string& path) {
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0;
}

Result<void> say_of_file(Audit& audit, const Caller& caller, const std::string& what) {
    const AuditEntry entry{AuditEntry::Kind::changed, {}, 0, what};
    return audit.write(caller.who, caller.purpose, std::span(&entry, 1));
}

}  // namespace

Result<void> Store::backup(const Principal& who, const Purpose& purpose, const std::string& to) {
    if (is_there(to)) return Error(ErrorId::secrets_exists, to + " is there already");
    MULLION_ASSIGN(auto beside, Beside::make(to));
    const Caller caller{who, purpose};
    const auto say = [&] { return say_of_file(state_->audit, caller, "backup to " + to); };
    if (auto said = state_->with_log(caller, say); !said.ok()) return of_store(std::move(said).error());
    if (auto copied = state_->database->copy_to(beside.path()); !copied.ok())
        return of_store(std::move(copied).error());
    MULLION_TRY(beside.become(to));
    return sync_folder_of(to);
}

Result<void> Store::restore(const Principal& who, const Purpose& purpose, const std::string& from,
                            const std::string& to, bool replace, Audit& audit) {
    MULLION_TRY(check_private_file(to, Missing::may_be));
    if (!replace && is_there(to)) {
        // What a restore that was cut short leaves is none.
        const auto blank = storage::SecretsDatabase::is_blank(to);
        if (!blank.ok() || !*blank)
            return Error(ErrorId::secrets_exists,
                         to + " is there already; --replace puts the backup in its place");
    }
    MULLION_TRY(say_of_file(audit, {who, purpose}, fmt::format("restore of {} to {}", from, to)));
    if (auto done = storage::SecretsDatabase::restore(from, to); !done.ok())
        return of_store(std::move(done).error());
    return sync_folder_of(to);
}

}  // namespace mullion::secrets
