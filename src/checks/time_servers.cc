#include "checks/time_servers.h"

#include <memory>
#include <optional>
#include <utility>

#include "client/datagram.h"

namespace mullion::checks {
namespace {

// The try that is on its way, and when its answer came.
struct Tried {
    std::optional<SntpQuestion> question;
    WallTime answered{};
};

}  // namespace

void SntpServers::ask(const TimeServer& server, Duration at_most,
                      std::function<void(Result<ServerTime>)> done) {
    auto tried = std::make_shared<Tried>();
    client::DatagramAsk ask;
    ask.host = server.host;
    ask.port = server.port;
    ask.timeout = at_most;
    ask.make = [this, tried] {
        tried->question.emplace(random_, clock_.wall());
        return tried->question->packet();
    };
    ask.takes = [this, tried](const std::string& packet) {
        tried->answered = clock_.wall();
        return tried->question->is_answered_by(packet);
    };
    client::ask_datagram(runtime_, std::move(ask),
                         [tried, done = std::move(done)](Result<std::string> packet) {
                             if (!packet.ok()) return done(std::move(packet).error());
                             done(tried->question->read(*packet, tried->answered));
                         });
}

}  // namespace mullion::checks
