#include "client/tests/loopback_service.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "core/log.h"

namespace mullion::client::testing {
namespace {

constexpr std::string_view user_name = "ann";
constexpr std::string_view password = ":right";

}  // namespace

LoopbackService::LoopbackService(std::size_t hosts) {
    for (std::size_t i = 0; i < hosts; ++i) hosts_.push_back(std::make_unique<FakeHost>(time_));
    listener_ = std::move(net::listen(io_.get_executor(), "127.0.0.1", 0)).value();
    boost::asio::co_spawn(io_, accept_all(), boost::asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

LoopbackService::~LoopbackService() {
    io_.stop();
    thread_.join();
}

target::Target LoopbackService::target() const {
    target::Target options;
    options.transports = {"basic"};
    options.allow_unencrypted = true;
    const auto url = "http://127.0.0.1:" + std::to_string(listener_->port());
    return std::move(target::parse_target(url, options)).value();
}

auth::Credential LoopbackService::credential(std::size_t host, const std::string& word) const {
    return {std::string(user_name) + std::to_string(host), Secret(word)};
}

net::Task<Result<auth::Identity>> LoopbackService::Passwords::verify(std::string token,
                                                                     channel::LogonAttempt& /*attempt*/) {
    if (!token.starts_with(user_name) || !token.ends_with(password))
        co_return Error(ErrorId::auth_rejected, "wrong");
    token.resize(token.size() - password.size());
    co_return auth::Identity(token, auth::Transport::basic, true, "nobody");
}

net::Task<void> LoopbackService::accept_all() {
    for (;;) {
        auto accepted = co_await listener_->accept();
        if (!accepted.ok()) co_return;
        ++connections;
        boost::asio::co_spawn(io_, serve(std::move(accepted).value()), boost::asio::detached);
    }
}

net::Task<void> LoopbackService::serve(net::Listener::Accepted accepted) {
    const auto deadline = time_.now() + std::chrono::seconds(5);
    auto stream = co_await net::adopt(io_.get_executor(), accepted, nullptr, deadline);
    if (!stream.ok()) co_return;
    channel::ServerSettings settings;
    settings.basic = settings.allow_unencrypted = true;
    settings.negotiate = false;
    channel::Handler handler = [this](channel::Incoming in) { return handle(std::move(in)); };
    channel::ServerParts parts{pool_, passwords_, {}, handler, null_logger()};
    co_await channel::serve_connection(*stream.value(), settings, std::move(parts));
}

net::Task<channel::Outgoing> LoopbackService::handle(channel::Incoming incoming) {
    if (on_request) on_request(incoming.body);
    const auto number = std::stoul(incoming.identity->user().substr(user_name.size()));
    Alarm closed;
    auto body = host(number).fault_instead(incoming.body);
    if (body.empty()) body = co_await host(number).answer(std::move(incoming.body), never, closed);
    const int status = body.find("Fault>") == std::string::npos ? 200 : 500;
    co_return channel::Outgoing{status, "application/soap+xml;charset=UTF-8", std::move(body)};
}

}  // namespace mullion::client::testing
