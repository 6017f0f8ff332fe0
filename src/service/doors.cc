#include "service/doors.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "core/clock.h"
#include "http/message.h"
#include "state/certificates.h"
#include "state/listen_url.h"
#include "state/present_certificates.h"
#include "wsman/config_table.h"

namespace mullion::service {
namespace {

constexpr std::uint16_t first_free_port = 1024;
constexpr const char* privileged_port_advice =
    "The process that faces the network has given up root before it binds: take a port from 1024 up, or "
    "allow it "
    "with `sysctl net.ipv4.ip_unprivileged_port_start=80`.";

// Addresses to bind for one listener: those of a card can be several, and none.
std::vector<std::string> places_of(const state::ListenerSettings& listener) {
    if (!listener.address.starts_with("MAC:")) return {listener.address};
    std::vector<std::string> out;
    for (const auto& own : os::local_addresses())
        if (http::same_without_case(own.card, listener.address.substr(4))) out.push_back(own.text);
    return out;
}

Error not_its_host(const crypto::CertificateInfo& certificate, const std::string& host) {
    Error error{ErrorId::tls_files,
                fmt::format("the certificate {} is of {}, and does not name the listener's "
                            "Hostname {}",
                            certificate.thumbprint, certificate.subject, host)};
    error.wsman_code = wsman::code::certificate_name;
    return error;
}

Result<void> check_host(const state::ServerCertificate& certificate, const std::string& host) {
    if (host.empty()) return {};
    MULLION_ASSIGN(const std::string der, crypto::certificate_der(certificate.chain_pem));
    MULLION_ASSIGN(const auto info, crypto::describe_certificate(der));
    if (!state::names_host(info, host)) return not_its_host(info, host);
    return {};
}

}  // namespace

std::shared_ptr<const Doorway::Way> Doorway::way() const {
    const std::lock_guard lock(mutex_);
    return way_;
}

bool Doorway::open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

void Doorway::set(Way way) {
    auto next = std::make_shared<const Way>(std::move(way));
    const std::lock_guard lock(mutex_);
    way_ = std::move(next);
}

void Doorway::close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
}

struct Doors::Socket {
    std::string address;     // As it was bound; "*" is one socket.
    std::uint16_t port = 0;  // As it was asked for: 0 is whatever the kernel chose.
    std::unique_ptr<net::Listener> listener;
    std::shared_ptr<Doorway> doorway;
};

class Doors::Plan {
public:
    struct Wanted {
        std::shared_ptr<Socket> socket;
        Doorway::Way way;
        bool opened = false;  // By this plan.
    };
    std::vector<Wanted> wanted;

    [[nodiscard]] bool has(const std::shared_ptr<Socket>& socket) const {
        return std::any_of(wanted.begin(), wanted.end(), [&](auto& one) { return one.socket == socket; });
    }
};

void Doors::DeletePlan::operator()(Plan* plan) const {
    delete plan;
}

Doors::Sockets Doors::sockets() const {
    const std::lock_guard lock(mutex_);
    return sockets_;
}

// A TLS context that will do is kept: sessions can be resumed with it.
Result<Doorway::Way> Doors::way_for(const state::ListenerSettings& wanted, const Sockets& now) const {
    Doorway::Way way{wanted, nullptr, {}, {}};
    if (!wanted.https) return way;
    auto certificate = wanted.thumbprint.empty()
                           ? state::own_certificate(parts_.certificates, system_clock(), parts_.log)
                           : state::load_certificate(parts_.certificates, wanted.thumbprint);
    if (!certificate.ok()) {
        auto& error = certificate.error();
        if (!wanted.thumbprint.empty())
            error.detail += "; " + state::who_is_present(state::present_certificates(parts_.certificates));
        return std::move(error);
    }
    MULLION_TRY(check_host(*certificate, wanted.hostname));
    way.thumbprint = certificate->thumbprint;
    way.public_file = certificate->public_file;
    for (const auto& socket : now) {
        const auto old = socket->doorway->way();
        if (old->thumbprint == way.thumbprint && old->listener.ask_at_handshake == wanted.ask_at_handshake)
            way.tls = old->tls;
    }
    if (way.tls) return way;
    MULLION_ASSIGN(way.tls,
                   net::TlsServer::make(certificate->chain_pem, certificate->key_pem,
                                        wanted.ask_at_handshake ? net::AskForCertificate::at_handshake
                                                                : net::AskForCertificate::later));
    return way;
}

Result<std::unique_ptr<net::Listener>> Doors::open(const std::string& place, std::uint16_t port) const {
    const auto passed = std::find_if(passed_.begin(), passed_.end(), [&](const PassedSocket& one) {
        return one.address == place && one.port == port;
    });
    if (passed != passed_.end()) {
        const int descriptor = passed->descriptor;
        passed_.erase(passed);
        return net::listen_on(parts_.executor, descriptor);
    }
    auto listening = net::listen(parts_.executor, place, port);
    if (!listening.ok() && port != 0 && port < first_free_port)
        listening.error().advice.emplace_back(privileged_port_advice);
    return listening;
}

Result<Doors::PlanPointer> Doors::prepare(const state::Config& next) const {
    const auto now = sockets();
    PlanPointer plan(new Plan);
    for (const auto& listener : state::effective_listeners(next)) {
        MULLION_ASSIGN(const Doorway::Way way, way_for(listener, now));
        const auto port = state::effective_port(listener, next.settings);
        for (const auto& place : places_of(listener)) {
            // The kernel's own choice is a listener's as long as that is wanted.
            const auto same = std::find_if(now.begin(), now.end(), [&](const auto& socket) {
                const bool chosen = port == 0 && socket->doorway->way()->listener.https != listener.https;
                return socket->address == place && socket->port == port && !chosen && !plan->has(socket);
            });
            if (same != now.end()) {
                plan->wanted.push_back({*same, way, false});
                continue;
            }
            auto listening = open(place, port);
            if (!listening.ok()) return std::move(listening).error();
            auto socket = std::make_shared<Socket>();
            socket->address = place;
            socket->port = port;
            socket->listener = std::move(*listening);
            plan->wanted.push_back({std::move(socket), way, true});
        }
    }
    return plan;
}

void Doors::apply(PlanPointer plan) {
    const auto before = sockets();
    Sockets after;
    for (auto& one : plan->wanted) {
        after.push_back(one.socket);
        if (!one.opened)
            one.socket->doorway->set(std::move(one.way));
        else
            one.socket->doorway = std::make_shared<Doorway>(std::move(one.way));
    }
    {
        const std::lock_guard lock(mutex_);
        sockets_ = after;
    }
    for (const auto& socket : before) {
        if (plan->has(socket)) continue;
        parts_.log.info("no longer listening at {} port {}", socket->address, socket->listener->port());
        socket->doorway->close();
        socket->listener->close();
    }
    for (const auto& one : plan->wanted) {
        if (!one.opened) continue;
        parts_.log.info("listening on {}",
                        state::listener_url(one.socket->doorway->way()->listener.https, one.socket->address,
                                            one.socket->listener->port()));
        boost::asio::co_spawn(parts_.executor, accept(one.socket), boost::asio::detached);
    }
}

void Doors::close() {
    for (const auto& socket : sockets()) {
        socket->doorway->close();
        socket->listener->close();
    }
}

net::Task<void> Doors::accept(std::shared_ptr<Socket> socket) {
    while (socket->doorway->open()) {
        auto accepted = co_await socket->listener->accept();
        if (accepted.ok()) {
            take_(std::move(*accepted), socket->doorway);
        } else if (socket->doorway->open()) {
            broken_(std::move(accepted).error());
            co_return;
        }
    }
}

ListenerFacts Doors::facts(const state::ListenerSettings& listener, const state::Settings& settings) const {
    ListenerFacts out;
    out.port = state::effective_port(listener, settings);
    out.thumbprint = listener.thumbprint;
    for (const auto& socket : sockets()) {
        const auto way = socket->doorway->way();
        if (!(way->listener == listener)) continue;
        out.port = socket->listener->port();
        out.thumbprint = way->thumbprint;
        break;
    }
    out.listening_on = reached_at(listener, settings, os::local_addresses());
    return out;
}

std::vector<std::string> Doors::urls() const {
    std::vector<std::string> out;
    for (const auto& socket : sockets()) {
        const auto way = socket->doorway->way();
        out.push_back(state::listener_url(way->listener.https,
                                          socket->address == "*" ? "127.0.0.1" : socket->address,
                                          socket->listener->port(), way->listener.url_prefix));
    }
    return out;
}

std::optional<std::string> Doors::public_file() const {
    for (const auto& socket : sockets())
        if (const auto way = socket->doorway->way(); way->listener.https) return way->public_file;
    return std::nullopt;
}

}  // namespace mullion::service
