// The connections that are open: how many may be, on which thread each lives, and how all of them are ended.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "channel/server_connection.h"
#include "core/log.h"
#include "net/listen.h"
#include "service/access/proven_account.h"
#include "service/config/settings_holder.h"
#include "service/doors/connection_places.h"
#include "service/doors/doors.h"
#include "service/doors/io_threads.h"

namespace mullion::service {

// How a connection behaves under these settings; Kerberos needs a keytab besides.
[[nodiscard]] channel::ServerSettings connection_settings(const state::Settings& settings, bool keytab);

class Connections {
public:
    // Who logs on. An account that is deleted has lost its connections with their next requests.
    struct Accounts {
        state::AccountStore& store;
        AccountVerifier& basic;
    };
    // `parts` are those of every connection; what they refer to must outlive the threads.
    Connections(IoThreads& threads, const SettingsHolder& settings, bool keytab, Accounts accounts,
                channel::ServerParts parts);

    // Takes a new connection over. Over MaxConnections a stranger gives way to it; where there is none it is
    // closed at once, as Windows does.
    void take(net::Listener::Accepted accepted, std::shared_ptr<const Doorway> doorway);
    // The same of a connection over this machine's own socket, whose user the kernel named. MaxConnections is
    // none of its business: beside the network's there is always room for these.
    void take_local(net::Listener::Accepted accepted, auth::Identity identity);
    // Who meets connections to an address and port now; null: nobody.
    using DoorwayAt =
        std::function<std::shared_ptr<const Doorway>(const std::string& address, std::uint16_t port)>;
    // Each is of the listener that its address leads to now. Ends those that have none any more, or one that
    // speaks otherwise (TLS), or whose address is no longer one that is answered at: whoever is in the middle
    // of a request is answered first.
    void look_again(const DoorwayAt& doorway_at);
    // Looks which clients have gone while their requests are answered, and tells who works on them. Called
    // every few seconds.
    void look_for_departures();
    // Ends all, each on its own thread.
    void close_all();
    [[nodiscard]] std::size_t count() const { return places_.count(); }

private:
    class Guest;
    // How a connection is ended: by its stream, or before there is one by its descriptor.
    struct Open {
        net::Stream* stream = nullptr;
        int descriptor = -1;
        boost::asio::steady_timer* held = nullptr;                // What it waits for, in hold().
        int socket = -1;                                          // The stream's own.
        std::shared_ptr<channel::Departure> departure = nullptr;  // Of a request that is being answered.
        bool ended = false;
        bool in_request = false;
        bool tls = false;
        bool homeless = false;                             // No listener leads to it as it is.
        std::string local;                                 // The address that it was made to.
        std::uint16_t local_port = 0;                      // Alike.
        std::shared_ptr<const Doorway> doorway = nullptr;  // Null: by this machine's own socket.
    };

    void begin(std::size_t thread, std::uint64_t id, net::Listener::Accepted accepted,
               std::shared_ptr<const Doorway> doorway, std::optional<auth::Identity> local);
    [[nodiscard]] net::Task<void> serve(std::size_t thread, std::uint64_t id,
                                        net::Listener::Accepted accepted,
                                        std::shared_ptr<const Doorway> doorway,
                                        std::optional<auth::Identity> local);
    static void find_home(Open& one, const DoorwayAt& doorway_at);
    [[nodiscard]] bool may_stay(const Open& one) const;
    void end(ConnectionPlaces::Where where);
    static void end_now(Open& one);
    void look(std::size_t thread);

    IoThreads& threads_;
    const SettingsHolder& settings_;
    const bool keytab_;
    const Accounts accounts_;
    channel::ServerParts parts_;
    ConnectionPlaces places_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> full_{false};                    // So that a flood is one line in the log.
    std::size_t next_ = 0;                             // Of the accepting thread.
    std::vector<std::map<std::uint64_t, Open>> open_;  // By thread; each touched on its own only.
};

}  // namespace mullion::service
