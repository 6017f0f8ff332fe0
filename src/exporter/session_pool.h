// Sessions that wait for the next scrape, logged on: one for each target and auth, and one scrape at a time
// on each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "client/gated_session.h"
#include "core/ids.h"
#include "core/secret.h"
#include "exporter/departure.h"
#include "exporter/logon_guard.h"
#include "exporter/probe_request.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::exporter {

class SessionPool {
    struct Place;

public:
    // Makes the session of a target; files are read here, so it is called on a worker.
    using Make = std::function<Result<std::unique_ptr<client::Session>>(
        const TargetName& target, const Auth& auth, client::LogonGate gate)>;
    SessionPool(net::WorkerPool& workers, std::shared_ptr<LogonGuard> guard, Make make,
                Random& random = system_random());

    // A session that is this scrape's. Given back when it goes; dropped where it is no longer to be used.
    class Lease {
    public:
        Lease(SessionPool& pool, std::shared_ptr<Place> place) : pool_(&pool), place_(std::move(place)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        [[nodiscard]] client::Session& session() const;
        // By whom the guard knows the session's log-ons: the auth, with the edition of its password.
        [[nodiscard]] const std::string& account() const;
        [[nodiscard]] const LogonGuard::Target& logon_target() const;
        // The next scrape logs on anew, and reads the password again.
        void drop();

    private:
        SessionPool* pool_;
        std::shared_ptr<Place> place_;
    };

    // Waits while another scrape has the session. Errors: run.timeout, run.interrupted (`asker` is gone),
    // auth.rejected (the guard's: nobody logs on there now), those of Session::make, usage.file (the
    // password's).
    [[nodiscard]] net::Task<Result<Lease>> take(TargetName target, std::string auth_name, Auth auth,
                                                std::shared_ptr<Departure> asker, MonotonicTime deadline);

    // Another configuration: sessions of the last one are ended, those in use when they come back.
    void renew();
    // Ends what is in progress; nothing is given out any more.
    void close();
    // How many may wait, and for how long.
    void set_limits(std::size_t most, Duration idle) { most_ = most, idle_ = idle; }
    void sweep(MonotonicTime now);

    [[nodiscard]] std::size_t count() const { return places_.size(); }
    [[nodiscard]] std::size_t in_use() const { return in_use_; }

private:
    void give_back(const std::shared_ptr<Place>& place);
    void forget(const std::shared_ptr<Place>& place);

    [[nodiscard]] net::Task<Result<void>> wait_for_turn(std::shared_ptr<Place> place,
                                                        std::shared_ptr<Departure> asker,
                                                        MonotonicTime deadline);
    // From any thread, and also when the pool is gone: behind a session that was dropped the host is told to
    // forget its enumeration, and who tells it may have to log on for that.
    [[nodiscard]] client::LogonGate gate_of(const Place& place);

    net::WorkerPool& workers_;
    const std::shared_ptr<LogonGuard> guard_;
    Make make_;
    Secret edition_key_;  // Of this process: an edition is worth nothing elsewhere.
    std::map<std::string, std::shared_ptr<Place>> places_;  // By auth and target.
    std::uint64_t generation_ = 1;
    std::size_t most_ = 20'000, in_use_ = 0;
    Duration idle_{600'000};
    bool closed_ = false;
};

// What tells one password in the auth's file from another: after another one what was refused before says
// nothing, and a file that was merely written again is none. A digest under `key`; empty where there is no
// password. Reads the file, so it is for workers.
[[nodiscard]] std::string password_edition(const Auth& auth, const Secret& key);

// The real thing: the target's options are the auth's, its password the first line of the auth's file.
[[nodiscard]] Result<std::unique_ptr<client::Session>> make_session(client::Runtime& runtime,
                                                                    const TargetName& target,
                                                                    const Auth& auth, client::LogonGate gate);

}  // namespace mullion::exporter
