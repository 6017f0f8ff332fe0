// DIR of --state: VERSION, winrm.yaml, accounts.db, krb5.keytab, certs/, trust/, run/, shell-users. Mode
// 0700. Belongs to the account that the network process runs as, except shell-users, which is root's (ADR 3).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "core/result.h"
#include "os/file.h"
#include "os/lock.h"

namespace mullion::state {

struct Owner {
    uid_t uid = 0;
    gid_t gid = 0;
};

class StateDirectory {
public:
    // While it lives nobody else changes accounts, shell-users or the files' owners.
    class Change {
    public:
        explicit Change(int folder) : folder_(folder) {}
        Change(Change&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}
        Change& operator=(Change&&) = delete;
        ~Change();

    private:
        int folder_;
    };

    // Makes it when it is missing (its parent must exist). Errors: state.directory, state.version
    [[nodiscard]] static Result<StateDirectory> open(const std::string& path);

    // The same of one that is there: who looks at accounts or certificates makes none.
    [[nodiscard]] static Result<StateDirectory> open_existing(const std::string& path);

    // One service at a time; held until the object goes. Clears away what a killed one left. Errors:
    // state.locked
    [[nodiscard]] Result<void> lock();
    // What is read, changed and written must not be mixed with what another program writes meanwhile. Waits
    // for it, 30 s at most. Errors: state.locked
    [[nodiscard]] Result<Change> change();
    // Gives everything but shell-users to that account; only root can. Errors: state.directory
    [[nodiscard]] Result<void> give_to(Owner owner);
    // The folder is opened anew, as the same one, where the mounts are others than before: a descriptor from
    // then leads around them. Errors: state.directory
    [[nodiscard]] Result<void> open_again();
    [[nodiscard]] Owner owner() const { return owner_; }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string accounts() const { return path_ + "/accounts.db"; }
    [[nodiscard]] std::string certificates() const { return path_ + "/certs"; }
    [[nodiscard]] std::string keytab() const { return path_ + "/krb5.keytab"; }
    [[nodiscard]] std::string trust() const { return path_ + "/trust"; }  // Stores: certificate_stores.h
    [[nodiscard]] std::string run() const { return path_ + "/run"; }
    [[nodiscard]] std::string admin_socket() const { return run() + "/admin.sock"; }
    [[nodiscard]] std::string shell_users() const { return path_ + "/shell-users"; }

    // winrm.yaml; empty when there is none. Errors: usage.file
    [[nodiscard]] Result<std::string> config_text() const;

private:
    StateDirectory(std::string path, os::UniqueFd folder, Owner owner)
        : path_(std::move(path)), folder_(std::move(folder)), owner_(owner) {}
    [[nodiscard]] Result<void> check_version() const;

    std::string path_;
    os::UniqueFd folder_;
    Owner owner_;
    std::optional<os::LockFile> lock_;
};

// While it lives, files that are made belong to the owner of the directory: `mullion user` of root on the
// directory of another account. Does nothing for everybody else, and for root's own directories.
class ActAsOwner {
public:
    // Errors: state.directory
    [[nodiscard]] static Result<ActAsOwner> begin(Owner owner);
    ActAsOwner(ActAsOwner&& other) noexcept : active_(std::exchange(other.active_, false)) {}
    ActAsOwner& operator=(ActAsOwner&&) = delete;
    ~ActAsOwner();

private:
    explicit ActAsOwner(bool active) : active_(active) {}
    bool active_;
};

}  // namespace mullion::state
