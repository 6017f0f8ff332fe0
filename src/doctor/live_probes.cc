// Names, ports, TLS and HTTP: what is asked before anybody logs on.
#include "doctor/live_probes.h"

#include <fmt/core.h>

#include <algorithm>

#include "channel/answer_check.h"
#include "channel/client_logon.h"
#include "client/kerberos_logon.h"
#include "http/date.h"
#include "net/connect.h"
#include "net/resolve.h"
#include "net/reverse_name.h"

namespace mullion::doctor {
namespace {

using net::Task;

constexpr std::size_t largest_page = 1024 * 1024;  // A web server's, in place of WinRM's empty answer.
constexpr Duration for_another_port{3'000};

Task<Result<std::vector<std::string>>> look_up(net::Executor executor, net::WorkerPool& pool,
                                               std::string host, std::uint16_t port, MonotonicTime deadline) {
    auto found = co_await net::resolve(executor, pool, host, port, deadline);
    if (!found.ok()) co_return std::move(found).error();
    std::vector<std::string> texts;
    for (const auto& one : *found) {
        auto text = net::address_text(one);
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
    }
    co_return texts;
}

Task<Result<std::string>> knock(net::Executor executor, net::WorkerPool& pool, net::Endpoint endpoint,
                                MonotonicTime deadline) {
    auto stream = co_await net::connect(executor, pool, std::move(endpoint), deadline);
    if (!stream.ok()) co_return std::move(stream).error();
    co_return (*stream)->peer();
}

Task<Result<TlsSeen>> handshake(net::Executor executor, net::WorkerPool& pool, net::Endpoint endpoint,
                                MonotonicTime deadline) {
    auto stream = co_await net::connect(executor, pool, std::move(endpoint), deadline);
    if (!stream.ok()) co_return std::move(stream).error();
    const auto* facts = (*stream)->tls();
    TlsSeen seen;
    seen.version = facts->version;
    seen.cipher = facts->cipher;
    MULLION_CO_ASSIGN(seen.certificate, crypto::describe_certificate(facts->peer_certificate));
    co_return seen;
}

std::optional<std::chrono::seconds> clock_of(const http::Response& response) {
    const auto date = http::parse_date(response.headers.first("Date").value_or(""));
    if (!date) return std::nullopt;
    return clock_difference(*date, system_clock().wall());
}

Task<Result<HttpSeen>> request(net::Executor executor, net::WorkerPool& pool,
                               channel::ClientSettings settings, MonotonicTime connected_by) {
    auto stream = co_await net::connect(executor, pool, settings.endpoint, connected_by);
    if (!stream.ok()) co_return std::move(stream).error();
    const auto deadline = system_clock().now() + settings.read_timeout;
    (*stream)->expires_at(deadline);
    const auto question = channel::new_request(settings);
    auto written = co_await net::write_request(**stream, question);
    if (!written.ok() && written.error().id != ErrorId::net_closed) co_return std::move(written).error();
    net::HttpReader reader(**stream, settings.limits);
    reader.wait_at_most(settings.read_timeout, deadline);
    auto answer = co_await reader.response();
    if (!answer.ok()) co_return std::move(answer).error();
    HttpSeen seen;
    seen.status = answer->status;
    seen.offered = channel::offered_schemes(*answer);
    seen.clock = clock_of(*answer);
    const bool tls = settings.endpoint.tls != nullptr;
    if (answer->status != 401) seen.refusal = channel::explain_answer(*answer, false, tls, settings.path);
    co_return seen;
}

}  // namespace

LiveProbes::LiveProbes(client::Runtime& runtime, target::Target settled, auth::Credential credential)
    : runtime_(runtime),
      place_(runtime.state().place()),
      executor_(place_->io().get_executor()),
      target_(std::move(settled)),
      credential_(std::move(credential)),
      wanted_(client::wanted_ticket(target_, credential_)),
      lookup_(std::make_shared<tickets::KdcLookup>(runtime.state().pool)) {}

LiveProbes::~LiveProbes() = default;

void LiveProbes::interrupt() {
    patience_->end();
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    if (in_use_ != nullptr) in_use_->interrupt();
}

MonotonicTime LiveProbes::connected_by() const {
    return system_clock().now() + target_.connect_timeout;
}

Result<std::vector<std::string>> LiveProbes::addresses(const std::string& host) {
    return ask(look_up(executor_, runtime_.state().pool, host, target_.port, connected_by()));
}

Result<std::string> LiveProbes::reverse_name(const std::string& address) {
    const Error late(ErrorId::net_name, fmt::format("looking up {}: no answer in time", address));
    const std::function<void(std::function<void(Result<std::string>)>)> begin =
        [this, &address](std::function<void(Result<std::string>)> done) {
            const auto job = [address, done] { done(net::reverse_name(address)); };
            if (!names_.submit(job)) done(Error(ErrorId::net_name, "there is no thread to look it up"));
        };
    return wait_for<std::string>(patience_, begin, connected_by(), late);
}

Result<std::string> LiveProbes::connect(std::optional<std::uint16_t> other_port) {
    MULLION_ASSIGN(auto endpoint, client::plain_endpoint(target_));
    auto deadline = connected_by();
    if (other_port) {
        endpoint.port = *other_port;
        deadline = std::min(deadline, system_clock().now() + for_another_port);
    }
    return ask(knock(executor_, runtime_.state().pool, std::move(endpoint), deadline));
}

Result<TlsSeen> LiveProbes::shake_hands(net::Endpoint endpoint) {
    return ask(handshake(executor_, runtime_.state().pool, std::move(endpoint), connected_by()));
}

Result<TlsSeen> LiveProbes::tls() {
    MULLION_ASSIGN(auto settings, client::connection_settings(runtime_.state().tls, target_));
    return shake_hands(std::move(settings.endpoint));
}

Result<TlsSeen> LiveProbes::tls_unchecked() {
    net::TlsVerification anybody;
    anybody.check_chain = anybody.check_name = anybody.check_revocation = anybody.check_dates = false;
    MULLION_ASSIGN(auto endpoint, client::plain_endpoint(target_));
    MULLION_ASSIGN(endpoint.tls, net::TlsClient::make(anybody));
    return shake_hands(std::move(endpoint));
}

Result<HttpSeen> LiveProbes::http() {
    MULLION_ASSIGN(auto settings, client::connection_settings(runtime_.state().tls, target_));
    settings.limits.body = largest_page;
    return ask(request(executor_, runtime_.state().pool, std::move(settings), connected_by()));
}

}  // namespace mullion::doctor
