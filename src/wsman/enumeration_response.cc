// Batches of items. In EnumerateResponse Items and EndOfSequence are WS-Management's, in PullResponse
// WS-Enumeration's; services mix them up, so both are read in both. DSP0226 8.2.3, 8.4
#include "wsman/enumeration.h"
#include "wsman/enumeration_parts.h"
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

void write_items(xml::Writer& out, const Batch& batch, std::string_view items, std::string_view end) {
    if (!batch.items.empty()) {
        out.open(items);
        for (const auto& item : batch.items) out.raw(item);
        out.close();
    }
    if (batch.end) out.open(end).close();
}

// The list of items; none where there is none.
Result<xml::Element> items_of(const xml::Element& body) {
    xml::Element found;
    for (auto element = body.first(); element; element = element.next()) {
        if (!element.is(ns::wsman, "Items") && !element.is(ns::enumeration, "Items")) continue;
        if (found) return two_lists_of_items();
        found = element;
    }
    return found;
}

Result<Batch> read_batch(const Message& message, std::string_view request_action) {
    MULLION_ASSIGN(auto view, view_batch(message, request_action));
    Batch batch{std::move(view.context), {}, view.end, view.expires};
    for (auto item = view.first; item; item = item.next()) batch.items.push_back(item.to_xml());
    return batch;
}

}  // namespace

std::string write_enumerate_response(std::string_view message_id, std::string_view relates_to,
                                     const Batch& batch) {
    const auto action = std::string(action::enumerate) + "Response";
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        // The context is there also when it is empty because all was said.
        out.open("n:EnumerateResponse");
        if (batch.expires) out.element("n:Expires", format_duration(*batch.expires));
        out.element("n:EnumerationContext", batch.context);
        write_items(out, batch, "w:Items", "w:EndOfSequence");
        out.close();
    });
}

std::string write_pull_response(std::string_view message_id, std::string_view relates_to,
                                const Batch& batch) {
    const auto action = std::string(action::pull) + "Response";
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("n:PullResponse");
        if (!batch.context.empty()) out.element("n:EnumerationContext", batch.context);
        write_items(out, batch, "n:Items", "n:EndOfSequence");
        out.close();
    });
}

std::string write_release_response(std::string_view message_id, std::string_view relates_to) {
    return write_response(std::string(action::release) + "Response", message_id, relates_to,
                          [](xml::Writer&) {});
}

Error two_lists_of_items() {
    return malformed("the batch has two lists of items");
}

Result<xml::Element> batch_body(const Message& message, std::string_view request_action) {
    const auto* const name = request_action == action::pull ? "PullResponse" : "EnumerateResponse";
    return response_body(message, request_action, ns::enumeration, name);
}

Result<BatchView> view_batch(const Message& message, std::string_view request_action) {
    MULLION_ASSIGN(const auto body, batch_body(message, request_action));
    MULLION_ASSIGN(const auto items, items_of(body));
    BatchView batch;
    batch.context = body.first(ns::enumeration, "EnumerationContext").trimmed();
    batch.expires = parse_duration(body.first(ns::enumeration, "Expires").trimmed());
    batch.first = items.first();
    batch.end = body.first(ns::wsman, "EndOfSequence") || body.first(ns::enumeration, "EndOfSequence");
    if (!batch.end && batch.context.empty() && request_action != action::pull)
        return malformed("the batch is not the last and names no context to pull the next with");
    return batch;
}

Result<Batch> read_enumerate_response(const Message& message) {
    return read_batch(message, action::enumerate);
}

Result<Batch> read_pull_response(const Message& message) {
    return read_batch(message, action::pull);
}

std::string shell_item(const ShellInfo& shell) {
    xml::Writer out;
    write_shell_info(out, shell);
    return out.take();
}

Result<ShellInfo> read_shell_item(std::string_view xml) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(xml, wire_limits(xml.size())));
    if (!document.root().is(ns::shell, "Shell"))
        return malformed("the item is " + std::string(document.root().local()) + ", not Shell");
    return read_shell_info(document.root());
}

}  // namespace mullion::wsman
