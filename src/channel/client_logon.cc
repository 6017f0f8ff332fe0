#include "channel/client_logon.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "auth/policy.h"
#include "channel/answer_check.h"
#include "crypto/x509.h"
#include "http/challenge.h"

namespace mullion::channel {
namespace {

constexpr int most_legs = 10;  // NTLM takes 2 empty POSTs, SPNEGO 2 or 3, CredSSP 3 more around them.

// How one transport ended, when it neither succeeded nor failed for good.
struct PassedOver {
    Error reason;
    std::optional<std::vector<std::string>> offered;  // Once the host has said so.
};

std::string described(const Logon& logon) {
    const auto scheme = logon.initiator->http_scheme();
    const auto name = logon.initiator->name();
    const auto how = how_of(logon);
    const std::string what =
        http::same_without_case(scheme, name) ? std::string(name) : fmt::format("{} in {}", name, scheme);
    return how.empty() ? what : fmt::format("{} ({})", what, how);
}

Result<auth::ChannelBinding> binding_of(const LogonContext& context) {
    const auto* facts = context.stream.tls();
    if (facts == nullptr || !context.settings.send_binding) return auth::ChannelBinding{};
    MULLION_ASSIGN(std::string data, crypto::tls_server_end_point(facts->peer_certificate));
    return auth::ChannelBinding{std::move(data)};
}

std::optional<http::Challenge> challenge_of(const http::Response& response, std::string_view scheme) {
    for (auto& challenge : http::parse_challenges(response.headers)) {
        if (challenge.is(scheme)) return std::move(challenge);
    }
    return std::nullopt;
}

net::Task<Result<auth::Step>> take_step(LogonContext context, auth::Initiator& initiator, std::string token) {
    if (!initiator.may_block()) co_return initiator.step(token);
    auto work = [&initiator, token = std::move(token)] { return initiator.step(token); };
    co_return co_await context.pool.run(std::move(work));
}

// Mostly a host just says no; some mechanisms know more.
Error explain_refusal(const http::Response& response, const Logon& logon,
                      const std::optional<http::Challenge>& challenge) {
    auto told = logon.initiator->refusal(challenge ? challenge->token : std::string_view());
    if (!told) return explain_rejection(response, logon, {});
    told->http_status = response.status;
    told->offered = offered_schemes(response);
    told->tried = described(logon);
    return std::move(*told);
}

// The handshake of one initiator. Gives nothing when the host does not offer its scheme.
net::Task<Result<std::optional<PassedOver>>> shake_hands(LogonContext context, Logon& logon,
                                                         Result<auth::Step> step) {
    const std::string scheme(logon.initiator->http_scheme());
    std::string answer_token;
    bool complete = false;
    for (int leg = 0; leg < most_legs; ++leg) {
        if (leg > 0) step = co_await take_step(context, *logon.initiator, answer_token);
        if (!step.ok()) {
            step.error().tried = described(logon);
            co_return std::move(step).error();
        }
        complete = step->complete;
        http::Request request = new_request(context.settings);
        request.headers.set("Authorization", http::credentials_field(scheme, step->token));
        MULLION_CO_ASSIGN(http::Response response, co_await round_trip(context, request));

        const auto challenge = challenge_of(response, scheme);
        if (response.status == 401) {
            if (!challenge && leg == 0) {
                auto offered = offered_schemes(response);
                Error error = explain_rejection(response, logon, {});
                error.id = ErrorId::auth_not_offered;
                co_return std::optional<PassedOver>(PassedOver{std::move(error), std::move(offered)});
            }
            // After this side's last word there is no answer to a further token: the word was not taken.
            if (complete || !challenge || challenge->token.empty())
                co_return explain_refusal(response, logon, challenge);
            if (!response.keep_alive) {
                co_return explain_rejection(
                    response, logon,
                    "the connection was closed in the middle of the handshake: a proxy on the way?");
            }
            answer_token = challenge->token;
            continue;
        }
        if (response.status != 200)
            co_return explain_answer(response, false, context.stream.tls() != nullptr, context.settings.path);
        if (!complete && challenge && !challenge->token.empty()) {
            auto last = co_await take_step(context, *logon.initiator, challenge->token);
            if (!last.ok()) {
                last.error().tried = described(logon);
                co_return std::move(last).error();
            }
            complete = last->complete;
        }
        if (!complete) {
            // A web server gives its page to everybody.
            const bool page =
                !response.body.empty() && !is_soap(response.headers.first("Content-Type").value_or(""));
            if (page)
                co_return explain_answer(response, false, context.stream.tls() != nullptr,
                                         context.settings.path);
            Error error(ErrorId::auth_protocol,
                        "HTTP 200 before the handshake was done: what answers does not check who asks");
            error.http_status = response.status;
            error.tried = described(logon);
            co_return error;
        }
        co_return std::optional<PassedOver>();
    }
    co_return Error(ErrorId::auth_protocol,
                    fmt::format("no end of the handshake after {} messages", most_legs));
}

net::Task<Result<std::optional<PassedOver>>> try_transport(LogonContext context, Logon& logon) {
    LogonPlan plan;
    plan.transport = logon.transport;
    plan.deadline = context.deadline;
    MULLION_CO_ASSIGN(plan.binding, binding_of(context));
    auto making = context.make_initiator(std::move(plan));
    auto made = co_await std::move(making);
    if (!made.ok()) {
        // Nothing was shown to the host: where there is no ticket another way may do, if one was given.
        if (!auth::is_about_tickets(made.error().id)) co_return std::move(made).error();
        co_return std::optional<PassedOver>(PassedOver{std::move(made).error(), std::nullopt});
    }
    logon.initiator = std::move(*made);
    std::string nothing;
    auto first = co_await take_step(context, *logon.initiator, std::move(nothing));
    if (!logon.initiator->every_request()) co_return co_await shake_hands(context, logon, std::move(first));
    MULLION_CO_ASSIGN(auth::Step step, std::move(first));
    // The kernel tells the service who we are.
    if (logon.transport == auth::Transport::local) co_return std::optional<PassedOver>();
    auto field = http::credentials_field(logon.initiator->http_scheme(), step.token);
    logon.authorization = Secret(field);
    wipe(field);
    wipe(step.token);
    co_return std::optional<PassedOver>();
}

}  // namespace

http::Request new_request(const ClientSettings& settings) {
    http::Request request;
    request.target = settings.path;
    request.headers.add("Host", settings.host_field);
    request.headers.add("User-Agent", "Mullion/" MULLION_VERSION);
    request.headers.add("Accept-Encoding", "identity");  // Exchange compresses sealed answers otherwise.
    request.headers.add("Content-Type", soap_utf8);
    return request;
}

net::Task<Result<http::Response>> round_trip(LogonContext context, const http::Request& request) {
    ++context.round_trips;
    const auto quiet = context.settings.read_timeout;
    context.stream.expires_at(std::min(context.deadline, system_clock().now() + quiet));
    context.reader.wait_at_most(quiet, context.deadline);
    auto written = co_await net::write_request(context.stream, request);
    if (!written.ok() && written.error().id != ErrorId::net_closed) co_return std::move(written).error();
    // A host that refuses a large request ends it before it is whole; what it said is still there to read.
    auto response = co_await context.reader.response();
    if (!response.ok() && !written.ok()) co_return std::move(written).error();
    co_return response;
}

Error explain_rejection(const http::Response& response, const Logon& logon, std::string detail) {
    Error error(ErrorId::auth_rejected, std::move(detail));
    error.http_status = response.status;
    error.offered = offered_schemes(response);
    error.tried = described(logon);
    // Basic is not asked for by a handshake that would have found out. Its password was right or wrong for
    // nobody.
    const bool passed_by = logon.transport != auth::Transport::certificate &&
                           logon.initiator->every_request() && !error.offered.empty() &&
                           !challenge_of(response, logon.initiator->http_scheme());
    if (passed_by) error.id = ErrorId::auth_not_offered;
    const std::string offers =
        error.offered.empty() ? "offers nothing" : fmt::format("offers {}", fmt::join(error.offered, ", "));
    if (logon.transport == auth::Transport::certificate) {
        error.id = ErrorId::auth_certificate_rejected;  // No 401 names it: the offers say nothing of it.
        error.detail = logon.certificate_wanted ? "it was shown" : "the host never asked for it inside TLS";
    }
    const std::string said =
        fmt::format("HTTP {}; the host {}; tried {}", response.status, offers, error.tried);
    error.detail = error.detail.empty() ? said : fmt::format("{} ({})", error.detail, said);
    return error;
}

std::string how_of(const Logon& logon) {
    auto how = logon.initiator->how();
    if (logon.instead.empty()) return how;
    return how.empty() ? logon.instead : how + "; " + logon.instead;
}

net::Task<Result<Logon>> log_on(LogonContext context) {
    std::optional<PassedOver> last;
    std::string instead;
    for (const auto transport : context.settings.transports) {
        // A host that was asked and offers nothing gets no password to look at.
        if (last && last->offered && last->offered->empty()) break;
        if (last && last->offered && auth::choose({&transport, 1}, *last->offered).empty()) continue;
        // The others can seal, and whether they must is decided once they have logged on.
        const auth::Carriage carriage{transport, context.stream.tls() != nullptr,
                                      !auth::is_for_local_accounts(transport)};
        if (auto fine = auth::check_clear_text(carriage, context.settings.allow_unencrypted); !fine.ok()) {
            last = PassedOver{std::move(fine).error(), last ? last->offered : std::nullopt};
            continue;
        }
        Logon logon;
        logon.transport = transport;
        logon.instead = instead;
        MULLION_CO_ASSIGN(auto passed_over, co_await try_transport(context, logon));
        if (!passed_over) co_return std::move(logon);
        last = std::move(passed_over);
        instead += fmt::format("{}{}: {}", instead.empty() ? "" : "; ", auth::to_string(transport),
                               last->reason.message());
    }
    if (!last) co_return Error(ErrorId::auth_credentials, "no way to authenticate was given");
    co_return std::move(last->reason);
}

}  // namespace mullion::channel
