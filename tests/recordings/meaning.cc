#include "recordings/meaning.h"

#include <charconv>

#include "wsman/cim/instance.h"
#include "wsman/cim/operations.h"
#include "wsman/config.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/shell.h"

namespace mullion::recordings {

using namespace wsman;

namespace {

constexpr std::size_t largest_message = 16 * 1024 * 1024;

Error not_ours(std::string_view what) {
    return Error(ErrorId::usage_unsupported, "no reader or writer for " + std::string(what));
}

// pypsrp's tests send PT-1S on purpose; to our reader that is no duration.
Duration timeout_of(const Header& header) {
    if (header.operation_timeout) return *header.operation_timeout;
    std::string_view text = header.operation_timeout_text;
    if (!text.starts_with("PT-") || !text.ends_with("S")) return {};
    text = text.substr(2, text.size() - 3);
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(seconds);
}

RequestSettings settings_of(const Header& header) {
    RequestSettings settings;
    settings.to = header.to;
    settings.session_id = header.session_id;
    settings.max_envelope_size = header.max_envelope_size.value_or(0);
    settings.operation_timeout = timeout_of(header);
    settings.locale = header.locale;
    settings.shell_resource = header.resource_uri;
    return settings;
}

// Reads with one function and writes with the other.
template <class Read, class Write>
Result<std::string> through(Read&& read, Write&& write) {
    auto meaning = read();
    if (!meaning) return std::move(meaning).error();
    return write(meaning.value());
}

bool answers(const Message& message, std::string_view request_action) {
    return message.header.action == std::string(request_action) + std::string(action::response_suffix);
}

// A request about winrm/config.
Result<std::string> rewrite_config_request(const Message& message, const RequestSettings& settings) {
    MULLION_ASSIGN(const auto target, read_config_target(message));
    const std::string_view id = message.header.message_id;
    const auto is = [&](std::string_view name) { return message.header.action == name; };
    if (is(action::get)) return write_config_get(settings, id, target);
    if (is(action::remove)) return write_config_delete(settings, id, target);
    return through([&] { return read_config_body(message, target); },
                   [&](const auto& m) {
                       return is(action::put) ? write_config_put(settings, id, target, m)
                                              : write_config_create(settings, id, target, m);
                   });
}

// The resource that an element represents; its namespace says so.
const ConfigResource* represented(const xml::Element& element) {
    const auto* resource = find_config_resource(element.space());
    return resource != nullptr && element.is(config_uri(*resource), resource->root) ? resource : nullptr;
}

bool is_object(const xml::Element& element) {
    return element.is(ns::wsman, "XmlFragment") || cim::parse_class_uri(element.space()).has_value();
}

// An instance of a class, or the columns of one; anything else as it is.
std::string rewrite_object(const xml::Element& element, const std::string& otherwise) {
    if (!is_object(element)) return otherwise;
    const auto instance = cim::read_instance(element);
    if (!instance) return otherwise;
    const auto written = cim::instance_item(instance.value());
    return written ? written.value() : otherwise;
}

// An item of an enumeration, when it is a shell, a part of the configuration or an instance.
std::string rewrite_item(const std::string& item) {
    if (const auto shell = read_shell_item(item)) return shell_item(shell.value());
    const auto document = xml::Document::parse(item, wire_limits(item.size()));
    const auto* resource = document ? represented(document.value().root()) : nullptr;
    if (resource == nullptr) return document ? rewrite_object(document.value().root(), item) : item;
    const auto config = read_config_item(item, *resource);
    return config ? config_item(config.value()) : item;
}

}  // namespace

Result<std::string> rewrite_request(std::string_view request) {
    MULLION_ASSIGN(const auto message, read_message(request, wire_limits(largest_message)));
    const auto& header = message.header;
    const auto settings = settings_of(header);
    const std::string_view id = header.message_id;
    const std::string shell(header.selector(shell_id_selector).value_or(""));
    const auto is = [&](std::string_view name) { return header.action == name; };

    const bool whole = is(action::get) || is(action::put) || is(action::create) || is(action::remove);
    if (whole && find_config_resource(header.resource_uri) != nullptr)
        return rewrite_config_request(message, settings);
    if (is(action::create))
        return through([&] { return read_create(message); },
                       [&](const auto& m) { return write_create(settings, id, m); });
    if (is(action::command))
        return through([&] { return read_command(message); },
                       [&](const auto& m) { return write_command(settings, id, shell, m); });
    if (is(action::receive))
        return through([&] { return read_receive(message); },
                       [&](const auto& m) { return write_receive(settings, id, shell, m); });
    if (is(action::send))
        return through([&] { return read_send(message); },
                       [&](const auto& m) { return write_send(settings, id, shell, m); });
    if (is(action::signal))
        return through([&] { return read_signal(message); },
                       [&](const auto& m) { return write_signal(settings, id, shell, m); });
    if (is(action::enumerate))
        return through([&] { return read_enumerate(message); },
                       [&](const auto& m) {
                           return write_enumerate(settings, id, header.resource_uri, header.selectors, m);
                       });
    if (is(action::pull))
        return through([&] { return read_pull(message); },
                       [&](const auto& m) { return write_pull(settings, id, header.resource_uri, m); });
    if (is(action::release))
        return through([&] { return read_release(message); },
                       [&](const auto& m) { return write_release(settings, id, header.resource_uri, m); });
    if (is_identify(message)) return write_identify();
    if (is(action::remove)) return write_delete(settings, id, shell);
    if (is(action::get) && header.resource_uri == resource::shells)
        return write_get_shell(settings, id, shell);
    return not_ours(header.action + " of " + header.resource_uri);
}

Result<std::string> rewrite_response(std::string_view response) {
    MULLION_ASSIGN(const auto message, read_message(response, wire_limits(largest_message)));
    const std::string_view id = message.header.message_id;
    const std::string_view to = message.header.relates_to;

    if (is_fault(message))
        return through([&] { return read_fault(message); },
                       [&](const auto& m) { return write_fault(id, to, m.machine, m); });
    if (const auto created = read_config_created(message))
        return write_config_created(id, to, created.value());
    if (answers(message, action::create))
        return through([&] { return read_create_response(message); },
                       [&](const auto& m) { return write_create_response(id, to, m); });
    if (answers(message, action::command))
        return through([&] { return read_command_response(message); },
                       [&](const auto& m) { return write_command_response(id, to, m); });
    if (answers(message, action::receive))
        return through([&] { return read_receive_response(message); },
                       [&](const auto& m) { return write_receive_response(id, to, m); });
    if (answers(message, action::enumerate))
        return through([&] { return read_enumerate_response(message); },
                       [&](Batch& batch) -> std::string {
                           for (auto& item : batch.items) item = rewrite_item(item);
                           return write_enumerate_response(id, to, batch);
                       });
    if (answers(message, action::pull))
        return through([&] { return read_pull_response(message); },
                       [&](Batch& batch) -> std::string {
                           for (auto& item : batch.items) item = rewrite_item(item);
                           return write_pull_response(id, to, batch);
                       });
    if (message.body.local() == "IdentifyResponse")
        return through([&] { return read_identify_response(message); },
                       [&](const auto& m) { return write_identify_response(m); });
    if (answers(message, action::get) && message.body.is(ns::shell, "Shell"))
        return through([&] { return read_get_shell_response(message); },
                       [&](const auto& m) { return write_get_shell_response(id, to, m); });
    for (const auto verb : {action::get, action::put})
        if (const auto* resource = represented(message.body); resource != nullptr && answers(message, verb))
            return through([&] { return read_config_answer(message, verb, *resource); },
                           [&](const auto& m) { return write_config_answer(verb, id, to, m); });
    if (answers(message, action::get) && is_object(message.body))
        return cim::write_object_response(action::get, id, to,
                                          rewrite_object(message.body, message.body.to_xml()));
    if (answers(message, action::send)) return write_send_response(id, to);
    if (answers(message, action::signal)) return write_signal_response(id, to);
    if (answers(message, action::remove)) return write_delete_response(id, to);
    if (answers(message, action::release)) return write_release_response(id, to);
    return not_ours(message.header.action);
}

}  // namespace mullion::recordings
