#include "service/doors/places.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "http/message.h"
#include "state/listen_url.h"

namespace mullion::service {
namespace {

constexpr std::string_view all = "*";
constexpr std::string_view all_4 = "0.0.0.0";
constexpr std::string_view all_6 = "::";

bool is_card(const state::ListenerSettings& listener) {
    return listener.address.starts_with("MAC:");
}

std::string words_of(const state::ListenerSettings& listener) {
    return fmt::format("the listener {} {}", state::listener_address_text(listener.address),
                       listener.https ? "HTTPS" : "HTTP");
}

Error taken_already(const WantedPlace& wanted, const WantedPlace& other) {
    Error error{ErrorId::serve_listen,
                fmt::format("{} port {}: {} and {} cannot both have it", wanted.place, wanted.port,
                            words_of(*other.listener), words_of(*wanted.listener))};
    error.advice.emplace_back("Give one of the two listeners another Port.");
    return error;
}

const WantedPlace* same_place(const std::vector<WantedPlace>& among, const WantedPlace& one) {
    const auto found = std::find_if(among.begin(), among.end(), [&](const auto& other) {
        return one.port != 0 && other.place == one.place && other.port == one.port;
    });
    return found == among.end() ? nullptr : &*found;
}

}  // namespace

std::string plain_place(const std::string& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    in6_addr six{};
    if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return address;
    if (IN6_IS_ADDR_V4MAPPED(&six))
        inet_ntop(AF_INET, six.s6_addr + 12, text.data(), text.size());
    else
        inet_ntop(AF_INET6, &six, text.data(), text.size());
    return text.data();
}

bool is_version_6(std::string_view address) {
    return address.find(':') != std::string_view::npos;
}

bool covers(std::string_view outer, std::string_view inner) {
    if (outer == all || outer == inner) return true;
    if (inner == all) return false;
    return outer == (is_version_6(inner) ? all_6 : all_4);
}

int closeness(std::string_view place) {
    if (place == all) return 0;
    return place == all_4 || place == all_6 ? 1 : 2;
}

Result<std::vector<WantedPlace>> wanted_places(const std::vector<state::ListenerSettings>& listeners,
                                               const state::Settings& settings,
                                               const std::vector<os::LocalAddress>& own) {
    std::vector<WantedPlace> named;
    for (const auto& listener : listeners) {
        if (is_card(listener)) continue;
        WantedPlace wanted{&listener, plain_place(listener.address), effective_port(listener, settings)};
        if (const auto* other = same_place(named, wanted)) return taken_already(wanted, *other);
        named.push_back(std::move(wanted));
    }
    std::vector<WantedPlace> out;
    for (const auto& listener : listeners) {
        if (!is_card(listener)) {
            const auto its = [&](const auto& one) { return one.listener == &listener; };
            out.push_back(*std::find_if(named.begin(), named.end(), its));
            continue;
        }
        for (const auto& address : own) {
            if (!http::same_without_case(address.card, std::string_view(listener.address).substr(4)))
                continue;
            WantedPlace wanted{&listener, address.text, effective_port(listener, settings)};
            if (same_place(named, wanted) != nullptr) continue;
            if (const auto* other = same_place(out, wanted)) return taken_already(wanted, *other);
            out.push_back(std::move(wanted));
        }
    }
    return out;
}

}  // namespace mullion::service
