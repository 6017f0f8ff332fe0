// What one host needs: two connections of one credential, and what every request to it repeats.
#pragma once

#include <memory>
#include <string>

#include "client/link.h"
#include "client/time.h"
#include "core/ids.h"
#include "net/task.h"
#include "wsman/envelope.h"

namespace mullion::client {

// A Receive holds its connection for as long as the command is silent, so what must go out meanwhile (Send
// and Signal) has one of its own. It is opened on first need. A Signal that somebody sends while input is on
// its way has a third.
enum class Lane { main, second, third };

struct Host {
    Host(std::string host_name, wsman::RequestSettings request_settings, MakeLink maker, net::Executor io,
         Time& clock, Random& source)
        : name(std::move(host_name)),
          settings(std::move(request_settings)),
          make_link(std::move(maker)),
          executor(std::move(io)),
          time(clock),
          random(source) {}

    std::string name;
    wsman::RequestSettings settings;
    MakeLink make_link;
    net::Executor executor;
    Time& time;
    Random& random;
    std::size_t answer_limit = 16 * 1024 * 1024;  // Bytes of one answer.
    Duration read_timeout{30'000};                // How long it may be silent before an answer.
    // What it took to answer the last Command, and at most to answer Create or Command, which it does at
    // once.
    Duration answer_time{0}, slowest_answer{0};
    bool keeps_second = true;  // Whether its connection is worth its memory between uses.
    unsigned round_trips = 0;  // Of all connections so far.

    [[nodiscard]] std::shared_ptr<Link> link(Lane lane);
    [[nodiscard]] bool has(Lane lane) const { return links_[index(lane)] != nullptr; }
    // Closes it; the next link() makes another.
    void drop(Lane lane);
    [[nodiscard]] std::string new_message_id() const { return wsman::new_message_id(random); }

private:
    static constexpr std::size_t index(Lane lane) { return static_cast<std::size_t>(lane); }
    std::shared_ptr<Link> links_[3];
};

}  // namespace mullion::client
