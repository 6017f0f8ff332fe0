#include "service/cim/cim_resources.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "core/printable.h"
#include "encoding/utf16.h"
#include "service/cim/cim_exchange.h"
#include "service/cim/cim_uris.h"
#include "service/requests/enumerating.h"
#include "service/requests/visit.h"
#include "service/shells/memory_limit.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

using namespace std::string_view_literals;

// What clients of MI send with MustComply: how their own callbacks are registered, and what metadata is to
// have in it. "wmi:" and "wmiarray:" are for a provider, and none of ours has any. service-protocol 4.4
constexpr std::array cim_options{"__MI_*"sv,
                                 "msftwinrm:*"sv,
                                 "wmi:*"sv,
                                 "wmiarray:*"sv,
                                 "UsePreciseArrays"sv,
                                 "IncludeInheritanceHierarchy"sv,
                                 "IncludeInheritedElements"sv,
                                 "IncludeQualifiers"sv,
                                 "IncludeClassOrigin"sv,
                                 "WSMAN_CMDSHELL_OPTION_*"sv};

constexpr std::size_t longest_part = 128;
constexpr std::uint64_t usual_envelope = 512'000;  // Windows' MaxEnvelopeSizekb.

std::string part(std::string_view text) {
    const auto shown =
        one_line(encoding::shortened(std::string(text.substr(0, 4 * longest_part)), longest_part));
    return encoding::shortened(shown, longest_part);
}

// "…/transfer/Get", "…/Win32_Service/StopService": the last word.
std::string_view verb_of(std::string_view action) {
    return action.substr(action.rfind('/') + 1);
}

// Of UTF-8, in an envelope of so many bytes: up to three for what takes two in UTF-16.
std::size_t most_bytes(const Visit& visit, std::uint64_t envelope) {
    const auto most = std::min<std::uint64_t>(visit.utf16 ? envelope / 2 * 3 : envelope, cim::item_limit);
    return static_cast<std::size_t>(most);
}

std::uint64_t own_envelope(const Visit& visit) {
    return std::uint64_t{visit.settings->max_envelope_size_kb} * 1024;
}

// Room is kept for one item as long as the enumeration is open. A Pull may take larger envelopes than its
// Enumerate, but not as large as an operator allows to those who ask for them.
std::size_t most_of_item(const Call& call) {
    const auto own = own_envelope(call.visit);
    const auto asked = call.message.header.max_envelope_size.value_or(own);
    return most_bytes(call.visit, std::min(own, std::max<std::uint64_t>(asked, usual_envelope)));
}

CimQuestion question_of(const Call& call) {
    const auto& header = call.message.header;
    CimQuestion question;
    question.unix_user = call.visit.unix_user;
    question.user = call.visit.user;
    if (!call.visit.local_session) question.address = call.visit.client_ip;
    question.answer_id = call.answer_id;
    question.envelope = call.message.document.root().to_xml();
    question.memory_mb = memory_limit(*call.visit.settings);
    question.most = most_bytes(call.visit, own_envelope(call.visit));
    question.about = fmt::format("{} {}", part(verb_of(header.action)), part(header.resource_uri));
    return question;
}

std::string keys_of(const wsman::Header& header) {
    std::string keys;
    for (const auto& selector : header.selectors)
        keys += fmt::format("{}{}={}", keys.empty() ? "" : ", ", part(selector.name), part(selector.value));
    return keys.empty() ? "no keys" : part(keys);
}

// Which namespace the answer has it in is its own affair.
std::string result_of(const std::string& answer) {
    const auto message = wsman::read_message(std::string_view(answer), wsman::wire_limits(answer.size()));
    if (!message.ok()) return "with an answer that is no message";
    for (auto output = message->body.first(); output; output = output.next())
        if (output.local() == "ReturnValue") return fmt::format("returned {}", part(output.trimmed()));
    return "returned nothing";
}

}  // namespace

std::string method_line(const Call& call, MethodStage stage, const Outcome<std::string>* answered) {
    const auto& header = call.message.header;
    const std::string_view verb = stage == MethodStage::calls    ? "calls"
                                  : stage == MethodStage::called ? "called"
                                                                 : "did not call";
    auto line = fmt::format("{} from {}: {} {} of {} ({})", call.visit.user, call.visit.client_ip, verb,
                            part(verb_of(header.action)), part(header.resource_uri), keys_of(header));
    if (answered == nullptr) return line;
    if (answered->ok()) return line + ": " + result_of(answered->value());
    return line +
           fmt::format(": fault 0x{:08X}: {}", answered->fault().code, part(answered->fault().message));
}

std::optional<ResourceHandler::Traits> CimResources::serves(const wsman::Header& header) const {
    if (!is_cim_resource(header.resource_uri)) return std::nullopt;
    Traits traits{cim_options};
    traits.has_action = has_cim_action(header.resource_uri, header.action);
    traits.fragments = true;
    traits.also_known_as = wmi_name(header);
    return traits;
}

ResourceHandler::Answer CimResources::answer(const Call& call) {
    const auto& action = call.message.header.action;
    if (action == wsman::action::enumerate) return enumerate(call);
    if (action == wsman::action::pull) return answer_pull(parts_.operations, call);
    if (action == wsman::action::release) return release(call);
    return once(call);
}

// Whether its filter and its class are any, who answers says.
ResourceHandler::Answer CimResources::enumerate(const Call& call) {
    auto what = wsman::read_enumerate(call.message);
    if (!what.ok())
        co_return wsman::make_fault(what.error().wsman_code.value_or(wsman::code::schema_validation),
                                    what.error().detail);
    auto question = question_of(call);
    question.most = most_of_item(call);
    std::unique_ptr<ItemSource> items =
        std::make_unique<CimItems>(parts_.executor, parts_.backend, std::move(question), parts_.patience);
    auto answering = answer_enumerate(parts_.operations, call, std::move(*what), std::move(items));
    co_return co_await std::move(answering);
}

ResourceHandler::Answer CimResources::release(const Call& call) {
    co_return answer_release(parts_.operations, call);
}

// What a method does is done when its answer comes, or when none does: it is written down before.
ResourceHandler::Answer CimResources::once(const Call& call) {
    const bool method = is_method(call.message.header.action);
    const auto begun = std::make_shared<std::atomic<bool>>(false);
    const auto place = parts_.operations.begin(call.visit);
    if (!place.ok()) {
        const Outcome<std::string> refused = place.fault();
        if (method) tell_end(call, false, refused);
        co_return refused;
    }
    auto question = question_of(call);
    if (method)
        question.begins = [&log = parts_.log, begun, line = method_line(call, MethodStage::calls)] {
            *begun = true;
            log.info("{}", line);
        };
    auto asking = ask(std::move(question), {call.visit.deadline, call.visit.departure});
    auto answered = co_await visit(parts_.executor, std::move(asking));
    if (method) tell_end(call, *begun, answered);
    co_return answered;
}

void CimResources::tell_end(const Call& call, bool begun, const Outcome<std::string>& answered) {
    if (begun)
        parts_.log.info("{}", method_line(call, MethodStage::called, &answered));
    else if (parts_.refusals != nullptr)
        parts_.refusals->warn(call.visit.client_ip, method_line(call, MethodStage::refused, &answered));
}

net::Task<Outcome<std::string>> CimResources::ask(CimQuestion question, Waiting waiting) {
    const auto exchange = std::make_shared<CimExchange>(parts_.executor, parts_.backend,
                                                        CimExchange::Wanted::one_answer, question.most);
    auto starting = exchange->start(std::move(question), waiting);
    const auto started = co_await std::move(starting);
    if (!started.ok()) co_return started.fault();
    auto hearing = exchange->whole(waiting);
    auto answered = co_await std::move(hearing);
    exchange->close();
    co_return answered;
}

}  // namespace mullion::service
