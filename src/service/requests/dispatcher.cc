#include "service/requests/dispatcher.h"

#include <algorithm>

#include "http/message.h"
#include "service/access/access.h"
#include "service/requests/identify.h"
#include "wsman/request_rules.h"
#include "wsman/uris.h"
#include "wsman/wire.h"
#include "xml/escape.h"

namespace mullion::service {
namespace {

using wsman::Charset;

constexpr std::uint32_t not_supported = 50;  // ERROR_NOT_SUPPORTED
// Header and elements around the content of an answer, without the id of the request.
constexpr std::size_t envelope_overhead = 2'560;
constexpr Duration no_time_limit{std::chrono::hours(24)};

// DSP0226 13.1: both, and the answer in that of the request. Without a word it is UTF-8.
std::optional<Charset> charset_of(const std::string& content_type) {
    const auto type = http::parse_media_type(content_type);
    return wsman::charset_of(type ? type->parameter("charset").value_or("") : "");
}

channel::Outgoing outgoing(int status, std::string_view xml, Charset charset) {
    const auto type = charset == Charset::utf8 ? wsman::content_type_utf8 : wsman::content_type_utf16;
    // What our writer makes is UTF-8, so it can be turned.
    return {status, std::string(type), std::move(*wsman::to_wire(xml, charset))};
}

std::size_t envelope_limit(const wsman::Header& header, const state::Settings& settings) {
    const std::uint64_t own = std::uint64_t{settings.max_envelope_size_kb} * 1024;
    return std::min(header.max_envelope_size.value_or(own), own);
}

// Whose limit it is that an answer does not keep to. DSP0226 6.2, 13.1
wsman::Fault too_large(const wsman::Header& header, const state::Settings& settings) {
    const std::uint64_t own = std::uint64_t{settings.max_envelope_size_kb} * 1024;
    return wsman::make_fault(header.max_envelope_size.value_or(own) < own
                                 ? wsman::code::response_too_large
                                 : wsman::code::service_envelope_limit);
}

// Bytes of UTF-8, or units of UTF-16, that an answer within the limit has for its content.
std::size_t room_within(std::size_t limit, Charset charset, std::string_view relates_to) {
    const std::size_t all = charset == Charset::utf16 ? limit / 2 : limit;
    std::string escaped;
    xml::append_text(escaped, relates_to);
    const std::size_t around = envelope_overhead + escaped.size();
    return all > around ? all - around : 1;
}

// An absent or longer timeout is capped, silently. [MS-WSMV] 3.1.4.1.6
MonotonicTime deadline_of(const wsman::Header& header, const state::Settings& settings) {
    const Duration most = std::min(Duration(settings.max_timeout_ms), no_time_limit);
    return std::chrono::steady_clock::now() + std::min(header.operation_timeout.value_or(most), most);
}

}  // namespace

net::Task<channel::Outgoing> Dispatcher::handle(channel::Incoming request) {
    const auto asked = charset_of(request.content_type);
    const Frame frame{parts_.settings.get(), wsman::new_message_id(parts_.random),
                      asked.value_or(Charset::utf8)};
    // Moved: a request may wait for a minute, and should not hold its bytes twice.
    const auto message =
        wsman::read_message(std::move(request.body),
                            wsman::wire_limits(std::size_t{frame.settings->max_envelope_size_kb} * 1024));
    if (!request.certificate) co_return co_await hear(std::move(request), message, frame, asked.has_value());

    auto identifying = identify_certificate(request, *frame.settings,
                                            message.ok() ? message->header.resource_uri : std::string());
    auto identity = co_await std::move(identifying);
    if (!identity.ok()) {
        auto denied = fault(frame, wsman::make_fault(wsman::code::access_denied),
                            message.ok() ? std::string_view(message->header.message_id) : std::string_view());
        denied.meant = std::move(identity).error();
        co_return denied;
    }
    std::string account = identity->user();
    request.identity = std::move(identity).value();
    auto answer = co_await hear(std::move(request), message, frame, asked.has_value());
    answer.meant = std::move(account);
    co_return answer;
}

net::Task<channel::Outgoing> Dispatcher::hear(channel::Incoming request,
                                              const Result<wsman::Message>& message, const Frame& frame,
                                              bool charset_known) {
    if (!charset_known && request.identity)
        co_return fault(frame, wsman::make_fault(wsman::code::unsupported_encoding), {});

    // Whoever is nobody learns nothing else: neither what is wrong with his message, nor what there is.
    if (!request.identity && !(charset_known && message.ok() && wsman::is_identify(*message))) {
        channel::Outgoing nothing;
        nothing.status = 401;
        co_return nothing;
    }
    if (!message.ok()) {
        parts_.log.debug("{}: {}", request.client_ip, message.error().message());
        const auto code = message.error().wsman_code.value_or(wsman::code::invalid_xml);
        co_return fault(frame, wsman::make_fault(code), {});
    }
    if (parts_.hook == nullptr) co_return co_await reply(request, *message, frame, std::nullopt);
    RequestHook::GoOn go_on = [&](std::optional<wsman::Fault> instead) {
        return reply(request, *message, frame, std::move(instead));
    };
    co_return co_await parts_.hook->answer(request, *message, std::move(go_on));
}

net::Task<Result<auth::Identity>> Dispatcher::identify_certificate(const channel::Incoming& request,
                                                                   const state::Settings& settings,
                                                                   std::string resource_uri) {
    // Switched off since the connection was opened.
    if (parts_.certificates == nullptr || !settings.certificate)
        co_return Error{ErrorId::auth_rejected, "certificates are not taken"};
    auto asking = parts_.certificates->identify(*request.certificate, std::move(resource_uri));
    co_return co_await std::move(asking);
}

channel::Outgoing Dispatcher::fault(const Frame& frame, const wsman::Fault& what,
                                    std::string_view relates_to) const {
    if (relates_to.size() > wsman::longest_message_id) relates_to = {};
    return outgoing(500, wsman::write_fault(frame.answer_id, relates_to, parts_.machine, what),
                    frame.charset);
}

net::Task<channel::Outgoing> Dispatcher::reply(const channel::Incoming& request,
                                               const wsman::Message& message, Frame frame,
                                               std::optional<wsman::Fault> instead) {
    const std::string& relates_to = message.header.message_id;
    if (instead) co_return fault(frame, *instead, relates_to);
    if (wsman::is_identify(message))
        co_return outgoing(200, identify(request, *frame.settings), frame.charset);

    auto reply = co_await answer(request, message, frame.settings, frame.answer_id);
    if (!reply.ok()) {
        parts_.log.debug("{}: {} answered with fault {:#x}", request.client_ip, message.header.action,
                         reply.fault().code);
        co_return fault(frame, reply.fault(), relates_to);
    }
    auto out = outgoing(200, std::move(reply.value()), frame.charset);
    if (out.body.size() > envelope_limit(message.header, *frame.settings))
        co_return fault(frame, too_large(message.header, *frame.settings), relates_to);
    co_return out;
}

net::Task<SharedToken> Dispatcher::find_token(const channel::Incoming& request) {
    auto asking = parts_.tokens.find(*request.identity, request.account_number);
    auto found = co_await std::move(asking);
    if (found.ok()) co_return std::move(*found);
    // An account that is gone is no fault of the machine.
    const bool gone = found.error().id == ErrorId::auth_rejected;
    parts_.log.log(gone ? LogLevel::debug : LogLevel::error, "{} from {}: what it may is not known: {}",
                   request.identity->user(), request.client_ip, found.error().message());
    co_return nullptr;
}

std::optional<wsman::Fault> Dispatcher::judge(const channel::Incoming& request, const rights::Token* token,
                                              const wsman::Header& header, std::string_view also_known_as,
                                              const state::Settings& settings) const {
    static const AccessRules as_installed;
    const auto held = parts_.rules ? parts_.rules->get() : nullptr;
    const AccessRules& rules = held ? *held : as_installed;
    AccessRequest access{request.identity, token, header.action, header.resource_uri,
                         request.local || is_loopback(request.client_ip)};
    auto verdict = authorize(access, settings, rules);
    // Who may not come in by the front must not by a side door. RootSDDL was asked already, or counts less.
    const bool other_door = !also_known_as.empty() && rules.of(also_known_as).name != AccessRules::root_name;
    if (!verdict.fault && other_door) {
        access.resource = also_known_as;
        verdict = authorize(access, settings, rules);
    }
    if (parts_.audit)
        parts_.audit->tell(access, verdict, request.client_ip);
    else if (verdict.fault)
        parts_.log.warning("{}", access_line(access, verdict, request.client_ip));
    return std::move(verdict.fault);
}

net::Task<Outcome<std::string>> Dispatcher::answer(const channel::Incoming& request,
                                                   const wsman::Message& message,
                                                   std::shared_ptr<const state::Settings> settings,
                                                   std::string answer_id) {
    static const auto operators = std::make_shared<const rights::Token>(operator_token());
    const wsman::Header& header = message.header;
    SharedToken token;
    if (request.local)
        token = operators;
    else if (request.identity)
        token = parts_.tokens.known(*request.identity, request.account_number);
    if (request.identity && !token) token = co_await find_token(request);
    std::optional<ResourceHandler::Traits> traits;
    ResourceHandler* const handler = handler_of(header, traits);
    wsman::RequestRules rules;
    std::string_view also_known_as;
    if (traits) {
        rules.known_options = traits->options;
        rules.fragment_transfer = traits->fragments;
        also_known_as = traits->also_known_as;
    }
    // Root at the machine is asked nothing that he could not change: what he does is audited.
    if (auto fault = judge(request, token.get(), header, also_known_as, *settings); fault && !request.local)
        co_return *fault;
    if (auto fault = wsman::check_request_header(message, rules)) co_return *fault;
    if (handler == nullptr) co_return wsman::make_fault(wsman::code::resource_not_found);
    if (!traits->has_action) co_return wsman::make_fault(wsman::code::action_not_supported);
    if (request.chunked && !traits->takes_chunks) co_return wsman::make_fault(not_supported);

    Visit visit;
    visit.user = request.identity->user();
    visit.account = token->user;
    visit.unix_user = request.identity->unix_user();
    visit.client_ip = request.client_ip;
    visit.local_session = request.local;
    visit.delegated = request.identity->delegated();
    visit.deadline = deadline_of(header, *settings);
    visit.departure = request.departure;
    const auto charset = charset_of(request.content_type).value_or(Charset::utf8);
    visit.room = room_within(envelope_limit(header, *settings), charset, header.message_id);
    visit.utf16 = charset == Charset::utf16;
    visit.settings = std::move(settings);
    const Call call{message, std::move(visit), std::move(answer_id), std::move(token)};
    co_return co_await handler->answer(call);
}

ResourceHandler* Dispatcher::handler_of(const wsman::Header& header,
                                        std::optional<ResourceHandler::Traits>& traits) {
    ResourceHandler* const all[] = {&shell_protocol_, parts_.config, parts_.cim};
    for (auto* const handler : all) {
        if (handler == nullptr) continue;
        traits = handler->serves(header);
        if (traits) return handler;
    }
    return nullptr;
}

std::string Dispatcher::identify(const channel::Incoming& request, const state::Settings& settings) const {
    const auto identity = request.identity ? identity_for_users(settings, request.tls, parts_.product)
                                           : identity_for_strangers(parts_.product);
    return wsman::write_identify_response(identity);
}

}  // namespace mullion::service
