#include "service/doors/doors.h"

#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "core/clock.h"
#include "service/doors/door_plan.h"
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

// A place that is no address is said as one that clients of this machine can connect to.
std::string reachable(const std::string& place) {
    if (place == "::") return "::1";
    return closeness(place) == 2 ? place : "127.0.0.1";
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

void Doors::DeletePlan::operator()(Plan* plan) const {
    delete plan;
}

Doors::Doors(Parts parts, Take take, Broken broken)
    : parts_(std::move(parts)),
      take_(std::move(take)),
      broken_(std::move(broken)),
      passed_(std::move(parts_.passed)),
      standing_(std::make_shared<const Standing>()) {}

Doors::StandingPointer Doors::standing() const {
    const std::lock_guard lock(mutex_);
    return standing_;
}

// A TLS context that will do is kept: sessions can be resumed with it.
Result<Doorway::Way> Doors::way_for(const state::ListenerSettings& wanted, const Standing& now) const {
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
    for (const auto& door : now.doors) {
        const auto old = door.doorway->way();
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

// The first time that a configuration is made ready; afterwards they are among the sockets that stand.
Result<std::vector<Doors::SocketPointer>> Doors::take_passed() const {
    std::vector<SocketPointer> out;
    for (const auto& passed : std::exchange(passed_, {})) {
        auto socket = std::make_shared<Socket>();
        socket->place = passed.address;
        socket->port = passed.port;
        socket->passed = true;
        socket->https = passed.https;
        MULLION_ASSIGN(socket->listener, net::listen_on(parts_.executor, passed.descriptor));
        out.push_back(std::move(socket));
    }
    return out;
}

// Where one of our own has that port already, the two share it for the moment. Nobody of another user can be
// there, and so no socket that systemd made either.
Result<Doors::SocketPointer> Doors::open(const std::string& place, std::uint16_t port, const Plan& plan,
                                         const Standing& now) const {
    auto listening = net::listen(parts_.executor, place, port);
    std::vector<net::Listener*> own;
    const Socket* passed = nullptr;
    for (const auto* sockets : {&now.sockets, &plan.sockets}) {
        for (const auto& socket : *sockets) {
            if (port == 0 || socket->listener->port() != port) continue;
            if (socket->passed)
                passed = socket.get();
            else if (std::find(own.begin(), own.end(), socket->listener.get()) == own.end())
                own.push_back(socket->listener.get());
        }
    }
    if (!listening.ok() && !own.empty()) listening = net::listen_beside(parts_.executor, place, port, own);
    if (!listening.ok()) {
        auto& error = listening.error();
        if (passed != nullptr)
            error.advice.push_back(
                fmt::format("systemd holds {} port {} (ListenStream= of a socket unit): have it hold all "
                            "addresses there, or stop that unit.",
                            passed->place, port));
        else if (port != 0 && port < first_free_port)
            error.advice.emplace_back(privileged_port_advice);
        return std::move(error);
    }
    auto socket = std::make_shared<Socket>();
    socket->place = place;
    socket->port = port;
    socket->listener = std::move(*listening);
    return socket;
}

// One that stands or is in the plan already, or else one that covers the place, or else a new one.
Result<Doors::SocketPointer> Doors::socket_for(const std::string& place, std::uint16_t port, Plan& plan,
                                               const Standing& now) const {
    if (port != 0) {
        if (auto same = plan.at(place, port)) return same;
        if (auto same = now.at(place, port)) return plan.add(std::move(same));
        if (auto wide = plan.covering(place, port)) return wide;
    }
    MULLION_ASSIGN(auto opened, open(place, port, plan, now));
    return plan.add(std::move(opened));
}

// The widest first: they can serve the others' addresses as well.
Result<void> Doors::find_sockets(Plan& plan, const Standing& now) const {
    std::vector<Plan::Wanted*> order;
    for (auto& one : plan.wanted)
        if (!one.socket) order.push_back(&one);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return closeness(a->place) < closeness(b->place); });
    for (auto* one : order) {
        for (const auto& place : plan.sockets_wanted(one->place, one->port)) {
            MULLION_ASSIGN(auto socket, socket_for(place, one->port, plan, now));
            if (!one->socket) one->socket = std::move(socket);
        }
    }
    return {};
}

Result<Doors::PlanPointer> Doors::prepare(const state::Config& next) const {
    const auto now = standing();
    PlanPointer plan(new Plan);
    MULLION_ASSIGN(plan->sockets, take_passed());
    for (const auto& socket : now->sockets)
        if (socket->passed) plan->sockets.push_back(socket);
    plan->listeners = state::effective_listeners(next);
    MULLION_ASSIGN(const auto places, wanted_places(plan->listeners, next.settings, os::local_addresses()));
    for (const auto& listener : plan->listeners) {
        MULLION_ASSIGN(const Doorway::Way way, way_for(listener, *now));
        bool somewhere = false;
        for (const auto& wanted : places) {
            if (wanted.listener != &listener) continue;
            if (closeness(wanted.place) == 2 && !net::is_own_address(wanted.place)) continue;
            plan->want(wanted, way, *now);
            somewhere = true;
        }
        if (!somewhere)
            plan->absent.push_back(fmt::format("the listener {} {}",
                                               state::listener_address_text(listener.address),
                                               listener.https ? "HTTPS" : "HTTP"));
    }
    MULLION_TRY(find_sockets(*plan, *now));
    return plan;
}

void Doors::apply(PlanPointer plan) {
    const auto before = standing();
    auto after = std::make_shared<Standing>();
    after->sockets = plan->sockets;
    for (auto& one : plan->wanted) {
        if (one.doorway)
            one.doorway->set(std::move(one.way));
        else
            one.doorway = std::make_shared<Doorway>(std::move(one.way));
        after->doors.push_back({one.place, one.port, one.socket, one.doorway});
    }
    {
        const std::lock_guard lock(mutex_);
        standing_ = after;
    }
    for (const auto& door : before->doors)
        if (!after->has(door.doorway)) door.doorway->close();
    for (const auto& socket : before->sockets)
        if (!after->has(socket)) close_socket(*socket);
    for (const auto& socket : after->sockets) {
        if (before->has(socket)) continue;
        boost::asio::co_spawn(parts_.executor, accept(socket), boost::asio::detached);
    }
    tell_of_changes(*before, *after);
    tell_of_absent(plan->absent);
    tell_of_idle(*after);
}

void Doors::close() {
    const auto now = standing();
    for (const auto& door : now->doors) door.doorway->close();
    for (const auto& socket : now->sockets) {
        socket->open = false;
        socket->listener->close();
    }
}

// Who has come by it and was not seen yet may be another listener's, and is not turned away.
void Doors::close_socket(Socket& socket) {
    for (auto& accepted : socket.listener->waiting()) meet(std::move(accepted));
    socket.open = false;
    socket.listener->close();
}

net::Task<void> Doors::accept(SocketPointer socket) {
    while (socket->open) {
        auto accepted = co_await socket->listener->accept();
        if (accepted.ok()) {
            meet(std::move(*accepted));
        } else if (socket->open) {
            broken_(std::move(accepted).error());
            co_return;
        }
    }
}

void Doors::meet(net::Listener::Accepted accepted) {
    auto doorway = at(accepted.local, accepted.local_port);
    if (doorway) return take_(std::move(accepted), std::move(doorway));
    ::close(accepted.descriptor);
}

std::shared_ptr<const Doorway> Doors::at(const std::string& address, std::uint16_t port) const {
    return standing()->doorway_at(address, port);
}

void Doors::tell_of_changes(const Standing& before, const Standing& after) {
    const auto url = [](const Door& door) {
        return state::listener_url(door.doorway->way()->listener.https, door.place,
                                   door.socket->listener->port(), door.doorway->way()->listener.url_prefix);
    };
    for (const auto& door : before.doors)
        if (!after.has(door.doorway)) parts_.log.info("no longer listening on {}", url(door));
    for (const auto& door : after.doors)
        if (!before.has(door.doorway)) parts_.log.info("listening on {}", url(door));
}

// Each once, as long as it is so.
void Doors::tell_of_absent(const std::vector<std::string>& absent) {
    for (const auto& one : absent)
        if (!has(told_, one))
            parts_.log.warning("{} waits: this machine has no such address now; it opens when one comes",
                               one);
    std::erase_if(told_, [&](const auto& one) { return !has(absent, one); });
    for (const auto& one : absent)
        if (!has(told_, one)) told_.push_back(one);
}

void Doors::tell_of_idle(const Standing& now) {
    for (const auto& socket : now.sockets) {
        if (!socket->passed || socket->told || now.leads_somewhere(*socket)) continue;
        socket->told = true;
        parts_.log.warning(
            "no listener is for the socket that systemd passed on for {}, {} port {}: who connects there is "
            "closed "
            "at once. Policy has that listener elsewhere (winrm enumerate winrm/config/listener): change "
            "ListenStream= of the socket unit, or stop it",
            socket->https ? "https" : "http", socket->place, socket->listener->port());
    }
}

ListenerFacts Doors::facts(const state::ListenerSettings& listener, const state::Settings& settings) const {
    ListenerFacts out;
    out.port = state::effective_port(listener, settings);
    out.thumbprint = listener.thumbprint;
    const auto now = standing();
    const auto own = os::local_addresses();
    for (const auto& door : now->doors) {
        const auto way = door.doorway->way();
        if (!(way->listener == listener)) continue;
        out.port = door.socket->listener->port();
        out.thumbprint = way->thumbprint;
        auto here = listener;
        here.address = door.place;
        for (auto& address : reached_at(here, settings, own))
            if (now->doorway_at(address, out.port) == door.doorway)
                out.listening_on.push_back(std::move(address));
    }
    return out;
}

bool Doors::addresses_changed(const state::Config& config) const {
    const auto listeners = state::effective_listeners(config);
    const auto places = wanted_places(listeners, config.settings, os::local_addresses());
    if (!places.ok()) return true;  // Whoever makes it ready says so.
    const auto now = standing();
    std::size_t there = 0;
    for (const auto& wanted : *places) {
        if (closeness(wanted.place) == 2 && !net::is_own_address(wanted.place)) continue;
        ++there;
        if (!now->has_door(wanted.place, wanted.port)) return true;
    }
    return there != now->doors.size();
}

std::vector<std::string> Doors::urls() const {
    std::vector<std::string> out;
    const auto now = standing();  // Held: a new configuration takes what stands away.
    for (const auto& door : now->doors) {
        const auto way = door.doorway->way();
        out.push_back(state::listener_url(way->listener.https, reachable(door.place),
                                          door.socket->listener->port(), way->listener.url_prefix));
    }
    return out;
}

std::optional<std::string> Doors::public_file() const {
    const auto now = standing();
    for (const auto& door : now->doors)
        if (const auto way = door.doorway->way(); way->listener.https) return way->public_file;
    return std::nullopt;
}

}  // namespace mullion::service
