// The connections that are open: how many may be, on which thread each lives, and how all of them are ended.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <vector>

#include "channel/server_connection.h"
#include "core/log.h"
#include "net/listen.h"
#include "service/connection_places.h"
#include "service/io_threads.h"
#include "service/settings_holder.h"

namespace mullion::service {

// How a connection behaves under these settings; Kerberos needs a keytab besides.
[[nodiscard]] channel::ServerSettings connection_settings(const Settings& settings, bool keytab);

class Connections {
public:
    // `parts` are those of every connection; what they refer to must outlive the threads.
    Connections(IoThreads& threads, const SettingsHolder& settings, bool keytab, channel::ServerParts parts);

    // Takes a new connection over. Over MaxConnections a stranger gives way to it; where there is none it is
    // closed at once, as Windows does.
    void take(net::Listener::Accepted accepted, std::shared_ptr<const net::TlsServer> tls);
    // Ends all, each on its own thread.
    void close_all();
    [[nodiscard]] std::size_t count() const { return places_.count(); }

private:
    class Guest;
    // How a connection is ended: by its stream, or before there is one by its descriptor.
    struct Open {
        net::Stream* stream = nullptr;
        int descriptor = -1;
        boost::asio::steady_timer* held = nullptr;  // What it waits for, in hold().
        bool ended = false;
    };

    [[nodiscard]] net::Task<void> serve(std::size_t thread, std::uint64_t id,
                                        net::Listener::Accepted accepted,
                                        std::shared_ptr<const net::TlsServer> tls);
    void end(ConnectionPlaces::Where where);
    static void end_now(Open& one);

    IoThreads& threads_;
    const SettingsHolder& settings_;
    const bool keytab_;
    channel::ServerParts parts_;
    ConnectionPlaces places_;
    std::atomic<bool> closing_{false};
    std::atomic<bool> full_{false};                    // So that a flood is one line in the log.
    std::size_t next_ = 0;                             // Of the accepting thread.
    std::vector<std::map<std::uint64_t, Open>> open_;  // By thread; each touched on its own only.
};

}  // namespace mullion::service
