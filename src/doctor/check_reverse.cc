// What DNS calls the host's address. Kerberos wants both directions to agree wherever rdns is on, which it is
// not here: so this warns on behalf of other clients.
#include <fmt/core.h>

#include <algorithm>

#include "doctor/checks.h"
#include "http/message.h"

namespace mullion::doctor {
namespace {

std::string without_dot(std::string name) {
    if (name.ends_with('.')) name.pop_back();
    return name;
}

// "web01" and "web01.example.test" are one.
bool same_host(const std::string& asked, const std::string& found) {
    if (http::same_without_case(asked, found)) return true;
    const auto is_beginning = [](const std::string& part, const std::string& whole) {
        return part.find('.') == std::string::npos && whole.size() > part.size() &&
               whole[part.size()] == '.' && http::same_without_case(part, whole.substr(0, part.size()));
    };
    return is_beginning(asked, found) || is_beginning(found, asked);
}

}  // namespace

Finding check_reverse(Chart& chart) {
    if (chart.addresses.empty()) return not_checked("the proxy looks the host up");
    const auto& host = chart.subject.target.host;
    const auto& address = chart.addresses.front();
    auto found = chart.probes.reverse_name(address);
    if (!found.ok() && found.error().id == ErrorId::run_interrupted) return failed(std::move(found).error());
    if (!found.ok() || found->empty())
        return fine(fmt::format("{} has no name of its own; nothing here needs one", address));
    chart.reverse = without_dot(std::move(found).value());
    const auto said = fmt::format("{} is {}", address, chart.reverse);
    if (address == host || same_host(without_dot(host), chart.reverse)) return fine(said);
    auto finding = warned(ErrorId::net_reverse, fmt::format("{} is {}, and {}", host, address, said));
    finding.here = {fmt::format("getent ahosts {}", host), fmt::format("getent hosts {}", address)};
    return finding;
}

}  // namespace mullion::doctor
