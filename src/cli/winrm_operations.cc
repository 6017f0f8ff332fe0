#include "cli/winrm_operations.h"

#include "cli/exit_status.h"
#include "cli/winrm_cuts.h"
#include "client/in_doubt.h"
#include "os/input_file.h"
#include "winrm/enumeration.h"
#include "winrm/input.h"
#include "winrm/letters.h"
#include "winrm/output.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/uris.h"

namespace mullion::cli {
namespace {

constexpr std::size_t largest_input = 4 * 1024 * 1024;

// "StartService" of ".../Win32_Service" is ".../Win32_Service/StartService".
std::string action_uri(const winrm::Request& request) {
    if (request.action.find("://") != std::string::npos) return request.action;
    return request.resource.uri + "/" + request.action;
}

std::vector<wsman::Selector> selectors_of(const winrm::Request& request) {
    std::vector<wsman::Selector> selectors;
    for (const auto& selector : request.resource.selectors)
        selectors.push_back({selector.name, selector.value});
    return selectors;
}

std::vector<wsman::Option> options_of(const winrm::Request& request) {
    std::vector<wsman::Option> options;
    for (const auto& option : request.options)
        options.push_back({option.name, option.value.value_or(""), false});
    return options;
}

bool changes_nothing(std::string_view action) {
    return action == wsman::action::get || action == wsman::action::enumerate;
}

bool is_shell(std::string_view uri) {
    constexpr auto shells = wsman::resource::shells;
    return winrm::same_letters(uri.substr(0, shells.size()), shells);
}

// Some faults are read as what they mean for a command in a shell: of other resources they mean less.
Error about_resource(Error error, const winrm::Request& request) {
    if (error.wsman_code == wsman::code::unexpected_selectors && !is_shell(request.resource.uri)) {
        error.id = ErrorId::wsman_fault;
        error.advice.emplace_back(
            request.resource.selectors.empty()
                ? "The resource is one of several: name the one with selectors, as RESOURCE?NAME=VALUE. "
                  "winrm enumerate RESOURCE lists them."
                : "The resource has none of these selectors, or no instance with these values: see what "
                  "stands behind '?'. winrm help uris shows how they are written.");
    }
    if (error.wsman_code == wsman::code::fragment_not_supported && !request.fragment.empty())
        error.advice.emplace_back(
            "Leave -fragment out: this resource is given and taken as a whole. winrm set "
            "RESOURCE @{NAME=\"VALUE\"} changes one property.");
    return error;
}

}  // namespace

int WinrmOperations::run() {
    using winrm::Operation;
    switch (request_.operation) {
        case Operation::identify:
            return identify();
        case Operation::get:
            return get();
        case Operation::set:
            return set();
        case Operation::create:
            return create();
        case Operation::remove:
            return remove();
        case Operation::enumerate:
            return enumerate();
        case Operation::invoke:
            return invoke();
        case Operation::quickconfig:
        case Operation::configsddl:
        case Operation::helpmsg:
            break;
    }
    return tell(Error(ErrorId::usage_unsupported, std::string(to_string(request_.operation))));
}

int WinrmOperations::tell(const Error& error) {
    if (error.id == ErrorId::run_interrupted) return exit_status::interrupted;
    if (error.id == ErrorId::usage_invalid || error.id == ErrorId::usage_file) return refuse_words(error);
    output_.complain(failure_text(error, nullptr, request_.format));
    return winrm_status::failed;
}

int WinrmOperations::show(std::string_view document) {
    if (document.empty()) return winrm_status::ok;
    const auto text = winrm::printed(document, request_.format);
    if (!text.ok()) return tell(text.error());
    return output_.print(*text) ? winrm_status::ok : winrm_status::failed;
}

wsman::Transfer WinrmOperations::transfer(std::string_view action) const {
    wsman::Transfer transfer{std::string(action), request_.resource.uri};
    transfer.selectors = selectors_of(request_);
    transfer.options = options_of(request_);
    transfer.fragment = request_.fragment;
    if (!request_.fragment.empty()) transfer.fragment_dialect = request_.query.dialect;
    return transfer;
}

std::optional<wsman::Message> WinrmOperations::exchange(client::ExchangeOptions options) {
    options.utf16 = request_.connection.utf16;
    auto outcome = session_.exchange(options);
    fault_ = outcome.error && outcome.answer ? outcome.error->wsman_code : std::nullopt;
    if (!outcome.error) return std::move(outcome.answer);
    // Who pressed Ctrl-C knows that, but not what has become of a change.
    if (outcome.error->id != ErrorId::run_interrupted || outcome.in_doubt) {
        const auto* answer = outcome.answer ? &*outcome.answer : nullptr;
        const auto error = about_resource(std::move(*outcome.error), request_);
        output_.complain(failure_text(error, answer, request_.format));
    }
    return std::nullopt;
}

std::optional<std::string> WinrmOperations::ask(std::string_view step, const wsman::Transfer& transfer) {
    client::ExchangeOptions options;
    options.step = step;
    options.repeatable = changes_nothing(transfer.action);
    options.write = [&transfer](const wsman::RequestSettings& settings, const std::string& id) {
        return Result<std::string>(wsman::write_transfer(settings, id, transfer));
    };
    const auto answer = exchange(options);
    if (!answer) return std::nullopt;
    auto body = wsman::read_transfer_response(*answer, transfer.action);
    if (body.ok()) return std::move(body).value();
    auto error = std::move(body).error().at_step(step);
    // What cannot be understood is no word about it.
    if (!options.repeatable) error = client::in_doubt(std::move(error));
    (void)tell(error);
    return std::nullopt;
}

int WinrmOperations::identify() {
    client::ExchangeOptions options;
    options.step = "identify";
    options.identify = options.repeatable = true;
    options.write = [](const wsman::RequestSettings&, const std::string&) {
        return Result<std::string>(wsman::write_identify());
    };
    const auto answer = exchange(std::move(options));
    if (!answer) return winrm_status::failed;
    const auto identity = wsman::read_identify_response(*answer);
    if (!identity.ok()) return tell(identity.error());
    return show(answer->body.to_xml());
}

int WinrmOperations::get() {
    const auto document = ask("get", transfer(wsman::action::get));
    return document ? show(*document) : winrm_status::failed;
}

Result<std::string> WinrmOperations::input() const {
    if (request_.file.empty()) return winrm::new_document(request_);
    MULLION_ASSIGN(auto text, os::read_input(request_.file, largest_input));
    auto document = xml::Document::parse(text);
    if (document.ok()) return document->root().to_xml();  // UTF-8, whatever the file is in.
    wipe(text);
    return Error(ErrorId::usage_invalid, "Error: " + request_.file + ": " + document.error().detail);
}

std::optional<std::string> WinrmOperations::send(std::string_view step, std::string_view action,
                                                 Result<std::string> document) {
    if (!document.ok()) {
        (void)tell(document.error());
        return std::nullopt;
    }
    auto message = transfer(action);
    message.body = std::move(document).value();
    auto answer = ask(step, message);
    wipe(message.body);
    return answer;
}

// As Windows' winrm: the whole of the resource goes back, read-only properties included.
int WinrmOperations::set() {
    std::optional<std::string> current;
    if (request_.file.empty()) {
        current = ask("get", transfer(wsman::action::get));
        if (!current) return winrm_status::failed;
    }
    auto document = current ? winrm::changed_document(*current, request_.input) : input();
    if (document.ok()) {
        const auto warned = warn_of_cuts(current, *document);
        if (!warned.ok()) {
            wipe(*document);
            return tell(warned.error());
        }
    }
    const auto answer = send("put", wsman::action::put, std::move(document));
    return answer ? show(*answer) : winrm_status::failed;
}

// Before it is sent: afterwards there may be no answer. Of a fragment it is not known what is around it.
Result<void> WinrmOperations::warn_of_cuts(const std::optional<std::string>& current,
                                           const std::string& wanted) {
    if (!request_.fragment.empty()) return {};
    MULLION_ASSIGN(const auto cuts, cuts_of_put(session_, request_, current, wanted));
    for (const auto& cut : cuts) output_.complain("winrm: warning: " + cut + "\n");
    return {};
}

int WinrmOperations::create() {
    const auto answer = send("create", wsman::action::create, input());
    return answer ? show(*answer) : winrm_status::failed;
}

int WinrmOperations::remove() {
    const auto answer = ask("delete", transfer(wsman::action::remove));
    return answer ? show(*answer) : winrm_status::failed;
}

int WinrmOperations::invoke() {
    const auto answer = send("invoke", action_uri(request_), input());
    return answer ? show(*answer) : winrm_status::failed;
}

std::string WinrmOperations::next_message(const client::EnumerationWalk& walk,
                                          const wsman::Enumerate& enumerate,
                                          const wsman::RequestSettings& settings,
                                          const std::string& id) const {
    if (walk.begun())
        return wsman::write_pull(settings, id, request_.resource.uri,
                                 wsman::Pull{walk.context(), enumerate.max_elements});
    wsman::RequestHead head{{}, request_.resource.uri, id, selectors_of(request_), options_of(request_)};
    head.fragment = request_.fragment;
    return wsman::write_enumerate(settings, std::move(head), enumerate);
}

std::optional<std::vector<std::string>> WinrmOperations::next_items(client::EnumerationWalk& walk,
                                                                    const wsman::Enumerate& enumerate) {
    client::ExchangeOptions options;
    options.step = walk.begun() ? "pull" : "enumerate";
    options.repeatable = !walk.begun();  // A batch that was lost is not given twice.
    options.only_reads = true;
    options.write = [&](const wsman::RequestSettings& settings, const std::string& id) {
        return Result<std::string>(next_message(walk, enumerate, settings, id));
    };
    const auto answer = exchange(std::move(options));
    if (!answer) {
        // A fault may leave it open on the host, as one of time does, unless it says that there is none.
        if (fault_ && *fault_ != wsman::code::invalid_enumeration_context) release(walk);
        return std::nullopt;
    }
    auto items = walk.take(*answer);
    if (items.ok()) return std::move(items).value();
    release(walk);
    (void)tell(items.error());
    return std::nullopt;
}

// The rest is not wanted; that it could not be said changes nothing.
void WinrmOperations::release(const client::EnumerationWalk& walk) {
    if (walk.ended() || walk.context().empty()) return;
    client::ExchangeOptions options;
    options.step = "release";
    options.only_reads = true;
    options.utf16 = request_.connection.utf16;
    options.write = [&](const wsman::RequestSettings& settings, const std::string& id) {
        return Result<std::string>(wsman::write_release(settings, id, request_.resource.uri, walk.context()));
    };
    (void)session_.exchange(options);
}

int WinrmOperations::enumerate() {
    const auto enumerate = winrm::enumeration_of(request_);
    if (!enumerate.ok()) return tell(enumerate.error());
    client::EnumerationWalk walk{client::EnumerationLimits()};
    while (!walk.ended()) {
        const bool first = !walk.begun();
        const auto items = next_items(walk, *enumerate);
        if (!items) return winrm_status::failed;
        if (first) (void)output_.print(winrm::results_begin(request_.format));
        for (const auto& item : *items) {
            const int status = show(item);
            if (status == winrm_status::ok) continue;
            release(walk);
            return status;
        }
    }
    (void)output_.print(winrm::results_end(request_.format));
    return output_.problem() == 0 ? winrm_status::ok : winrm_status::failed;
}

}  // namespace mullion::cli
