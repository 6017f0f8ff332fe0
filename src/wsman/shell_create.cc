// Create of a shell and its answer. [MS-WSMV] 2.2.4.37, 3.1.4.5.2
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

// A time of the request's rsp:Shell. Absent is fine; text that is no duration is not.
Result<std::optional<Duration>> time_child(const xml::Element& shell, std::string_view local) {
    const auto element = shell.first(ns::shell, local);
    if (!element) return std::optional<Duration>();
    const auto value = parse_duration(element.trimmed());
    if (!value) return bad_request(std::string(local) + " is not a duration: " + element.trimmed());
    return std::optional<Duration>(*value);
}

Result<void> read_create_options(const Header& header, CreateShell& create) {
    MULLION_ASSIGN(create.no_profile, boolean_option(header, option::no_profile));
    if (const auto text = header.option(option::code_page)) {
        create.code_page = parse_number<std::uint32_t>(*text);
        if (!create.code_page)
            return bad_request(code::invalid_option_value,
                               "WINRS_CODEPAGE is not a number: " + std::string(*text));
    }
    return {};
}

}  // namespace

std::string write_create(const RequestSettings& settings, std::string_view message_id,
                         const CreateShell& create) {
    RequestHead head{action::create, settings.shell_resource, std::string(message_id), {}, {}};
    if (create.no_profile)
        head.options.push_back(boolean_option(option::no_profile, *create.no_profile, true));
    if (create.code_page)
        head.options.push_back({std::string(option::code_page), std::to_string(*create.code_page), false});
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("rsp:Shell");
        if (!create.shell_id.empty()) out.attribute("ShellId", create.shell_id);
        if (!create.name.empty()) out.attribute("Name", create.name);
        out.element("rsp:InputStreams", create.input_streams);
        out.element("rsp:OutputStreams", create.output_streams);
        write_environment(out, create.environment);
        if (create.idle_timeout) out.element("rsp:IdleTimeOut", format_duration(*create.idle_timeout));
        if (create.lifetime) out.element("rsp:Lifetime", format_duration(*create.lifetime));
        if (!create.working_directory.empty()) out.element("rsp:WorkingDirectory", create.working_directory);
        out.close();
    });
}

Result<CreateShell> read_create(const Message& message) {
    MULLION_ASSIGN(const auto shell, request_body(message, ns::shell, "Shell"));
    CreateShell create;
    create.shell_id = shell.attribute("", "ShellId").value_or("");
    // pypsrp sends the name as a child, which the schema has in answers only.
    create.name = shell.attribute("", "Name").value_or(shell.first(ns::shell, "Name").trimmed());
    create.environment = read_environment(shell);
    create.working_directory = shell.first(ns::shell, "WorkingDirectory").trimmed();
    MULLION_ASSIGN(create.idle_timeout, time_child(shell, "IdleTimeOut"));
    MULLION_ASSIGN(create.lifetime, time_child(shell, "Lifetime"));
    if (const auto streams = shell.first(ns::shell, "InputStreams")) create.input_streams = streams.trimmed();
    if (const auto streams = shell.first(ns::shell, "OutputStreams"))
        create.output_streams = streams.trimmed();
    MULLION_TRY(read_create_options(message.header, create));
    create.locale = message.header.locale;
    create.data_locale = message.header.data_locale;
    return create;
}

std::string write_create_response(std::string_view message_id, std::string_view relates_to,
                                  const ShellCreated& created) {
    const auto action = std::string(action::create) + "Response";
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("x:ResourceCreated");
        out.element("a:Address", created.address.empty() ? anonymous : std::string_view(created.address));
        out.open("a:ReferenceParameters");
        out.element("w:ResourceURI", created.resource_uri);
        out.open("w:SelectorSet").open("w:Selector").attribute("Name", shell_id_selector);
        out.text(created.shell_id).close().close();
        out.close().close();
        if (created.shell) write_shell_info(out, *created.shell);
    });
}

Result<ShellCreated> read_create_response(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::create, ns::transfer, "ResourceCreated"));
    ShellCreated created;
    created.address = body.first(ns::addressing, "Address").trimmed();
    const auto reference = body.first(ns::addressing, "ReferenceParameters");
    created.resource_uri = reference.first(ns::wsman, "ResourceURI").trimmed();
    for (const auto& selector : reference.first(ns::wsman, "SelectorSet").children(ns::wsman, "Selector"))
        if (same_ignoring_case(selector.attribute("", "Name").value_or(""), shell_id_selector))
            created.shell_id = selector.trimmed();

    // Beside x:ResourceCreated, not inside it.
    const auto soap_body = message.document.root().first(ns::soap, "Body");
    if (const auto shell = soap_body.first(ns::shell, "Shell")) created.shell = read_shell_info(shell);
    if (created.shell_id.empty() && created.shell) created.shell_id = created.shell->shell_id;
    if (created.shell_id.empty()) return malformed("the answer to Create names no shell");
    if (created.shell_id.size() > longest_id)
        return malformed("the answer to Create names a shell at too great length");
    return created;
}

}  // namespace mullion::wsman
