#include "service/shells/shell_protocol.h"

#include <array>

#include "http/message.h"
#include "service/requests/enumerating.h"
#include "service/requests/visit.h"
#include "service/shells/shell_faults.h"
#include "wsman/enumeration.h"
#include "wsman/shell.h"
#include "wsman/uris.h"
#include "xml/document.h"

namespace mullion::service {
namespace {

// What a body that makes no sense is answered with: the reader says which.
wsman::Fault refused(const Error& error) {
    return wsman::make_fault(error.wsman_code.value_or(wsman::code::schema_validation), error.detail);
}

// Shell verbs are addressed by ShellId and nothing else. [MS-WSMV] 3.1.4.1.10
Outcome<std::string> shell_selector(const wsman::Header& header) {
    const auto id = header.selector(wsman::shell_id_selector);
    if (!id)
        return wsman::make_fault(header.selectors.empty() ? wsman::code::insufficient_selectors
                                                          : wsman::code::unexpected_selectors);
    if (header.selectors.size() > 1) return wsman::make_fault(wsman::code::unexpected_selectors);
    return std::string(*id);
}

// w:Filter of an enumeration of commands: which shell's. The reader has seen that it is XML.
std::optional<std::string> filtered_shell(const std::string& filter_xml) {
    const auto document = xml::Document::parse(filter_xml, wsman::wire_limits(64 * 1024));
    if (!document.ok()) return std::nullopt;
    const auto set = document->root().is(wsman::ns::wsman, "SelectorSet")
                         ? document->root()
                         : document->root().first(wsman::ns::wsman, "SelectorSet");
    for (const auto& selector : set.children(wsman::ns::wsman, "Selector")) {
        const auto name = selector.attribute("", "Name");
        if (name && http::same_without_case(*name, wsman::shell_id_selector)) return selector.trimmed();
    }
    return std::nullopt;
}

constexpr std::array shell_options{wsman::option::no_profile, wsman::option::code_page,
                                   wsman::option::console_mode_stdin, wsman::option::skip_cmd_shell,
                                   wsman::option::keep_alive};

}  // namespace

std::optional<ResourceHandler::Traits> ShellProtocol::serves(const wsman::Header& header) const {
    bool known = false;
    const auto verb = find(header.resource_uri, header.action, known);
    if (!known) return std::nullopt;
    return Traits{shell_options, false, verb != nullptr};
}

ShellProtocol::Answer ShellProtocol::answer(const Call& call) {
    bool known = false;
    const auto verb = find(call.message.header.resource_uri, call.message.header.action, known);
    return (this->*verb)(call);
}

ShellProtocol::Verb ShellProtocol::find(std::string_view resource, std::string_view action, bool& known) {
    namespace a = wsman::action;
    namespace r = wsman::resource;
    using P = ShellProtocol;
    struct Row {
        std::string_view resource;
        std::string_view action;
        Verb verb;
    };
    static constexpr std::array rows{
        Row{r::command_shell, a::create, &P::create},
        Row{r::command_shell, a::command, &P::command},
        Row{r::command_shell, a::receive, &P::receive},
        Row{r::command_shell, a::send, &P::send},
        Row{r::command_shell, a::signal, &P::signal},
        Row{r::command_shell, a::remove, &P::remove},
        Row{r::command_shell, a::disconnect, &P::not_for_command_shells},
        Row{r::command_shell, a::reconnect, &P::not_for_command_shells},
        Row{r::command_shell, a::connect, &P::not_for_command_shells},
        Row{r::shells, a::get, &P::get},
        // Remove-WSManInstance and winrm delete know a shell by the resource that Enumerate shows.
        Row{r::shells, a::remove, &P::remove},
        Row{r::shells, a::enumerate, &P::enumerate},
        Row{r::shells, a::pull, &P::pull},
        Row{r::shells, a::release, &P::release},
        Row{r::shell_commands, a::enumerate, &P::enumerate_commands},
        Row{r::shell_commands, a::pull, &P::pull},
        Row{r::shell_commands, a::release, &P::release},
    };
    known = false;
    for (const Row& row : rows) {
        if (!http::same_without_case(row.resource, resource)) continue;
        known = true;
        if (row.action == action) return row.verb;
    }
    return nullptr;
}

ShellProtocol::Answer ShellProtocol::create(const Call& call) {
    const auto& header = call.message.header;
    if (!header.selectors.empty()) co_return wsman::make_fault(wsman::code::unexpected_selectors);
    // Compressed output would be owed to who asks for it ([MS-WSMV] 3.1.4.5.2), and we have none.
    if (!header.compression.empty()) co_return wsman::make_fault(wsman::code::unsupported_feature);
    auto what = wsman::read_create(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto task = shells_.create(call.visit, std::move(*what));
    auto shell = co_await visit(shells_.executor(), std::move(task));
    if (!shell.ok()) co_return shell.fault();
    wsman::ShellCreated created;
    created.shell_id = shell.value().shell_id;
    created.resource_uri = wsman::resource::command_shell;
    created.address = header.to;
    created.shell = std::move(shell.value());
    co_return wsman::write_create_response(call.answer_id, header.message_id, created);
}

ShellProtocol::Answer ShellProtocol::command(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto what = wsman::read_command(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto task = shells_.command(call.visit, id.value(), std::move(*what));
    auto command_id = co_await visit(shells_.executor(), std::move(task));
    if (!command_id.ok()) co_return command_id.fault();
    co_return wsman::write_command_response(call.answer_id, call.message.header.message_id,
                                            command_id.value());
}

ShellProtocol::Answer ShellProtocol::receive(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto what = wsman::read_receive(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto task = shells_.receive(call.visit, id.value(), std::move(*what));
    auto output = co_await visit(shells_.executor(), std::move(task));
    if (!output.ok()) co_return output.fault();
    co_return wsman::write_receive_response(call.answer_id, call.message.header.message_id, output.value());
}

ShellProtocol::Answer ShellProtocol::send(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto what = wsman::read_send(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto task = shells_.send(call.visit, id.value(), std::move(*what));
    auto done = co_await visit(shells_.executor(), std::move(task));
    if (!done.ok()) co_return done.fault();
    co_return wsman::write_send_response(call.answer_id, call.message.header.message_id);
}

ShellProtocol::Answer ShellProtocol::signal(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto what = wsman::read_signal(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto task = shells_.signal(call.visit, id.value(), std::move(*what));
    auto done = co_await visit(shells_.executor(), std::move(task));
    if (!done.ok()) co_return done.fault();
    co_return wsman::write_signal_response(call.answer_id, call.message.header.message_id);
}

ShellProtocol::Answer ShellProtocol::remove(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto task = shells_.remove(call.visit, id.value());
    auto done = co_await visit(shells_.executor(), std::move(task));
    if (!done.ok()) co_return done.fault();
    co_return wsman::write_delete_response(call.answer_id, call.message.header.message_id);
}

ShellProtocol::Answer ShellProtocol::get(const Call& call) {
    auto id = shell_selector(call.message.header);
    if (!id.ok()) co_return id.fault();
    auto task = shells_.get(call.visit, id.value());
    auto shell = co_await visit(shells_.executor(), std::move(task));
    if (!shell.ok()) co_return shell.fault();
    co_return wsman::write_get_shell_response(call.answer_id, call.message.header.message_id, shell.value());
}

ShellProtocol::Answer ShellProtocol::enumerate(const Call& call) {
    auto what = wsman::read_enumerate(call.message);
    if (!what.ok()) co_return refused(what.error());
    if (what->has_filter) co_return wsman::make_fault(wsman::code::filtering_not_supported);
    if (!what->mode.empty()) co_return wsman::make_fault(wsman::code::unsupported_feature);
    std::optional<std::string> shell_id;  // With one: that shell's commands. [MS-WSMV] 3.1.4.8
    if (!call.message.header.selectors.empty()) {
        auto id = shell_selector(call.message.header);
        if (!id.ok()) co_return id.fault();
        shell_id = id.value();
    }
    auto task = shells_.items(call.visit, std::move(shell_id));
    auto items = co_await visit(shells_.executor(), std::move(task));
    if (!items.ok()) co_return items.fault();
    auto answering = answer_enumerate(shells_.operations(), call, std::move(*what), std::move(items.value()));
    co_return co_await std::move(answering);
}

ShellProtocol::Answer ShellProtocol::enumerate_commands(const Call& call) {
    auto what = wsman::read_enumerate(call.message);
    if (!what.ok()) co_return refused(what.error());
    if (!what->mode.empty()) co_return wsman::make_fault(wsman::code::unsupported_feature);
    if (what->has_filter && what->filter_dialect != wsman::dialect::selector)
        co_return wsman::make_fault(wsman::code::filtering_not_supported);
    auto shell_id = filtered_shell(what->filter_xml);
    if (!shell_id) co_return wsman::make_fault(wsman::code::filter_expected);
    auto task = shells_.items(call.visit, std::move(shell_id));
    auto items = co_await visit(shells_.executor(), std::move(task));
    if (!items.ok()) co_return items.fault();
    auto answering = answer_enumerate(shells_.operations(), call, std::move(*what), std::move(items.value()));
    co_return co_await std::move(answering);
}

ShellProtocol::Answer ShellProtocol::pull(const Call& call) {
    return answer_pull(shells_.operations(), call);
}

ShellProtocol::Answer ShellProtocol::release(const Call& call) {
    co_return answer_release(shells_.operations(), call);
}

// Only shells of PowerShell can be left and come back to.
ShellProtocol::Answer ShellProtocol::not_for_command_shells(const Call&) {
    co_return wsman::make_fault(wsman::code::unsupported_feature);
}

}  // namespace mullion::service
