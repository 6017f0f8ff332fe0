#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

void write_text(xml::Writer& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.element(name, value);
}

void write_time(xml::Writer& out, std::string_view name, const std::optional<Duration>& value,
                std::string (*format)(Duration)) {
    if (value) out.element(name, format(*value));
}

}  // namespace

RequestHead shell_head(std::string_view action, std::string_view resource, std::string_view message_id,
                       std::string_view shell_id, std::vector<Option> options) {
    RequestHead head;
    head.action = action;
    head.resource_uri = resource;
    head.message_id = message_id;
    head.selectors.push_back({std::string(shell_id_selector), std::string(shell_id)});
    head.options = std::move(options);
    return head;
}

Option boolean_option(std::string_view name, bool value, bool must_comply) {
    return {std::string(name), value ? "TRUE" : "FALSE", must_comply};
}

void write_environment(xml::Writer& out, const Environment& environment) {
    if (environment.empty()) return;
    out.open("rsp:Environment");
    for (const auto& [name, value] : environment)
        out.open("rsp:Variable").attribute("Name", name).text(value).close();
    out.close();
}

Environment read_environment(const xml::Element& shell) {
    Environment environment;
    for (const auto& variable : shell.first(ns::shell, "Environment").children(ns::shell, "Variable"))
        environment.emplace_back(variable.attribute("", "Name").value_or(""), variable.text());
    return environment;
}

// In the order in which Windows lists them. It declares the prefix at each rsp:Shell, so that one is an item.
void write_shell_info(xml::Writer& out, const ShellInfo& shell) {
    out.open("rsp:Shell").declare("rsp", ns::shell);
    write_text(out, "rsp:ShellId", shell.shell_id);
    write_text(out, "rsp:Name", shell.name);
    write_text(out, "rsp:ResourceUri", shell.resource_uri);
    write_text(out, "rsp:Owner", shell.owner);
    write_text(out, "rsp:ClientIP", shell.client_ip);
    write_text(out, "rsp:ProcessId", shell.process_id);
    write_environment(out, shell.environment);
    write_text(out, "rsp:WorkingDirectory", shell.working_directory);
    write_time(out, "rsp:IdleTimeOut", shell.idle_timeout, format_duration_long);
    write_text(out, "rsp:InputStreams", shell.input_streams);
    write_text(out, "rsp:OutputStreams", shell.output_streams);
    write_time(out, "rsp:MaxIdleTimeOut", shell.max_idle_timeout, format_duration_long);
    write_text(out, "rsp:Locale", shell.locale);
    write_text(out, "rsp:DataLocale", shell.data_locale);
    write_text(out, "rsp:CompressionMode", shell.compression_mode);
    write_text(out, "rsp:ProfileLoaded", shell.profile_loaded);
    write_text(out, "rsp:Encoding", shell.encoding);
    write_text(out, "rsp:BufferMode", shell.buffer_mode);
    write_text(out, "rsp:State", shell.state);
    write_time(out, "rsp:ShellRunTime", shell.run_time, format_duration_days);
    write_time(out, "rsp:ShellInactivity", shell.inactivity, format_duration_days);
    write_text(out, "rsp:MemoryUsed", shell.memory_used);
    write_text(out, "rsp:ChildProcesses", shell.child_processes);
    out.close();
}

ShellInfo read_shell_info(const xml::Element& shell) {
    const auto text = [&](std::string_view local) { return shell.first(ns::shell, local).trimmed(); };
    const auto time = [&](std::string_view local) { return parse_duration(text(local)); };
    ShellInfo info;
    info.shell_id = text("ShellId");
    info.name = text("Name");
    info.resource_uri = text("ResourceUri");
    info.owner = text("Owner");
    info.client_ip = text("ClientIP");
    info.process_id = text("ProcessId");
    info.environment = read_environment(shell);
    info.working_directory = text("WorkingDirectory");
    info.idle_timeout = time("IdleTimeOut");
    info.input_streams = text("InputStreams");
    info.output_streams = text("OutputStreams");
    info.max_idle_timeout = time("MaxIdleTimeOut");
    info.locale = text("Locale");
    info.data_locale = text("DataLocale");
    info.compression_mode = text("CompressionMode");
    info.profile_loaded = text("ProfileLoaded");
    info.encoding = text("Encoding");
    info.buffer_mode = text("BufferMode");
    info.state = text("State");
    info.run_time = time("ShellRunTime");
    info.inactivity = time("ShellInactivity");
    info.memory_used = text("MemoryUsed");
    info.child_processes = text("ChildProcesses");
    return info;
}

}  // namespace mullion::wsman
