// The headers as pypsrp and Windows write them. [MS-WSMV] 2.2.4, DSP0226 5 and 6.
#include "wsman/envelope.h"

#include "xml/characters.h"

namespace mullion::wsman {

namespace {

// Up to the first header.
xml::Writer begin_envelope(bool answer) {
    xml::Writer out;
    out.open("s:Envelope");
    if (answer) out.attribute("xml:lang", "en-US");
    out.declare("s", ns::soap)
        .declare("a", ns::addressing)
        .declare("x", ns::transfer)
        .declare("n", ns::enumeration)
        .declare("w", ns::wsman)
        .declare("rsp", ns::shell)
        .declare("p", ns::wsmv);
    out.open("s:Header");
    return out;
}

// A header that the service must not pass over.
void required(xml::Writer& out, std::string_view name, std::string_view value) {
    out.open(name).attribute("s:mustUnderstand", "true").text(value).close();
}

void hint(xml::Writer& out, std::string_view name, std::string_view language) {
    out.open(name).attribute("s:mustUnderstand", "false").attribute("xml:lang", language).close();
}

void write_options(xml::Writer& out, const std::vector<Option>& options) {
    if (options.empty()) return;
    out.open("w:OptionSet").attribute("s:mustUnderstand", "true");
    for (const auto& option : options) {
        out.open("w:Option");
        if (option.must_comply) out.attribute("MustComply", "true");
        out.attribute("Name", option.name).text(option.value).close();
    }
    out.close();
}

// DSP0226 7.2: who does not know it must not do the whole resource instead.
void write_fragment(xml::Writer& out, const RequestHead& head) {
    if (head.fragment.empty()) return;
    out.open("w:FragmentTransfer").attribute("s:mustUnderstand", "true");
    if (!head.fragment_dialect.empty()) out.attribute("Dialect", head.fragment_dialect);
    out.text(head.fragment).close();
}

void write_selectors(xml::Writer& out, const std::vector<Selector>& selectors) {
    if (selectors.empty()) return;
    out.open("w:SelectorSet");
    for (const auto& selector : selectors)
        out.open("w:Selector").attribute("Name", selector.name).text(selector.value).close();
    out.close();
}

}  // namespace

std::string new_message_id(Random& random) {
    return "uuid:" + new_guid(random);
}

namespace detail {

void begin_request(xml::Writer& out, const RequestSettings& settings, const RequestHead& head) {
    static const auto beginning = begin_envelope(false);
    out.go_on_from(beginning);
    required(out, "a:Action", head.action);
    hint(out, "p:DataLocale", settings.locale);
    hint(out, "w:Locale", settings.locale);
    required(out, "w:MaxEnvelopeSize", std::to_string(settings.max_envelope_size));
    out.element("a:MessageID", head.message_id);
    out.element("w:OperationTimeout", format_duration(settings.operation_timeout));
    out.open("a:ReplyTo");
    required(out, "a:Address", anonymous);
    out.close();
    required(out, "w:ResourceURI", head.resource_uri);
    if (!settings.session_id.empty())
        out.open("p:SessionId").attribute("s:mustUnderstand", "false").text(settings.session_id).close();
    out.element("a:To", settings.to);
    write_options(out, head.options);
    write_selectors(out, head.selectors);
    write_fragment(out, head);
    out.close();
    out.open("s:Body");
}

void begin_response(xml::Writer& out, std::string_view action, std::string_view message_id,
                    std::string_view relates_to) {
    static const auto beginning = begin_envelope(true);
    out.go_on_from(beginning);
    out.element("a:Action", action);
    out.element("a:MessageID", message_id);
    out.element("a:To", anonymous);
    if (!relates_to.empty()) out.element("a:RelatesTo", relates_to);
    out.close();
    out.open("s:Body");
}

std::string finish(xml::Writer& out) {
    out.close().close();  // Body, Envelope.
    return out.take();
}

}  // namespace detail

std::size_t find_unsendable(std::string_view text) {
    return xml::find_forbidden(text);
}

}  // namespace mullion::wsman
