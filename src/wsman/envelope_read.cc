// SOAP 1.2 envelopes, WS-Addressing 2004/08 and WS-Management headers. DSP0226 5 and 6, [MS-WSMV] 2.2.4.
#include <algorithm>
#include <utility>

#include "wsman/envelope.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman {

namespace {

bool must_understand(const xml::Element& element) {
    // Without a namespace (pywinrm, WinRb) the attribute means nothing in SOAP.
    const auto value = element.attribute(ns::soap, "mustUnderstand");
    return value && parse_boolean(*value).value_or(false);
}

std::string address_of(const xml::Element& element) {
    return element.first(ns::addressing, "Address").trimmed();
}

std::string language_of(const xml::Element& element) {
    return element.attribute(ns::xml, "lang").value_or("");
}

class HeaderReader {
public:
    explicit HeaderReader(Header& header) : header_(header) { seen_.reserve(16); }

    void read(const xml::Element& element) {
        const bool known = element.space() == ns::addressing ? read_addressing(element)
                           : element.space() == ns::wsman    ? read_wsman(element)
                           : element.space() == ns::wsmv     ? read_microsoft(element)
                                                             : read_shell(element);
        if (!known && must_understand(element)) header_.not_understood.push_back(name_of(element));
    }

private:
    static std::string name_of(const xml::Element& element) {
        return "{" + std::string(element.space()) + "}" + std::string(element.local());
    }

    // Headers that may be there once. The first one counts; a second is reported.
    bool first_time(const xml::Element& element) {
        const Name name{element.local(), element.space()};
        if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) {
            header_.repeated.push_back(name_of(element));
            return false;
        }
        seen_.push_back(name);
        return true;
    }
    bool set(std::string& target, const xml::Element& element, std::string value) {
        if (first_time(element)) target = std::move(value);
        return true;
    }

    bool read_addressing(const xml::Element& element) {
        const auto name = element.local();
        if (name == "Action") return set(header_.action, element, element.trimmed());
        if (name == "MessageID") return set(header_.message_id, element, element.trimmed());
        if (name == "RelatesTo") return set(header_.relates_to, element, element.trimmed());
        if (name == "To") return set(header_.to, element, element.trimmed());
        if (name == "ReplyTo") return set(header_.reply_to, element, address_of(element));
        if (name == "FaultTo") return set(header_.fault_to, element, address_of(element));
        return name == "From";  // Says who asks; nothing follows from it.
    }

    bool read_wsman(const xml::Element& element) {
        const auto name = element.local();
        if (name == "ResourceURI") return set(header_.resource_uri, element, element.trimmed());
        if (name == "MaxEnvelopeSize") {
            set(header_.max_envelope_size_text, element, element.trimmed());
            header_.max_envelope_size = parse_number<std::uint64_t>(header_.max_envelope_size_text);
            return true;
        }
        if (name == "OperationTimeout") {
            set(header_.operation_timeout_text, element, element.trimmed());
            header_.operation_timeout = parse_duration(header_.operation_timeout_text);
            return true;
        }
        if (name == "Locale") {
            header_.locale_must_understand |= must_understand(element);
            return set(header_.locale, element, language_of(element));
        }
        if (name == "SelectorSet") return read_selectors(element);
        if (name == "OptionSet") return read_options(element);
        if (name == "FragmentTransfer") {
            if (!header_.fragment_transfer)
                header_.fragment_dialect = element.attribute("", "Dialect").value_or("");
            header_.fragment_transfer = true;
            return set(header_.fragment, element, element.trimmed());
        }
        return false;
    }

    bool read_microsoft(const xml::Element& element) {
        const auto name = element.local();
        if (name == "DataLocale") {
            header_.locale_must_understand |= must_understand(element);
            return set(header_.data_locale, element, language_of(element));
        }
        if (name == "SessionId") return set(header_.session_id, element, element.trimmed());
        if (name == "OperationID") return set(header_.operation_id, element, element.trimmed());
        if (name == "ActivityId") return set(header_.activity_id, element, element.trimmed());
        if (name == "SequenceId") {
            if (first_time(element)) header_.sequence_id = parse_number<std::uint64_t>(element.trimmed());
            return true;
        }
        return false;
    }

    bool read_shell(const xml::Element& element) {
        if (!element.is(ns::shell, "CompressionType")) return false;
        return set(header_.compression, element, element.trimmed());
    }

    bool read_selectors(const xml::Element& set) {
        if (!first_time(set)) return true;
        for (const auto& selector : set.children(ns::wsman, "Selector"))
            header_.selectors.push_back({selector.attribute("", "Name").value_or(""), selector.trimmed()});
        return true;
    }

    bool read_options(const xml::Element& set) {
        if (!first_time(set)) return true;
        for (const auto& option : set.children(ns::wsman, "Option")) {
            const auto comply = parse_boolean(option.attribute("", "MustComply").value_or("false"));
            header_.options.push_back(
                {option.attribute("", "Name").value_or(""), option.trimmed(), comply.value_or(true)});
        }
        return true;
    }

    using Name = std::pair<std::string_view, std::string_view>;  // Of the document, which outlives this.
    Header& header_;
    std::vector<Name> seen_;
};

template <class Named>
std::optional<std::string_view> find_by_name(const std::vector<Named>& list, std::string_view name) {
    for (const auto& item : list)
        if (same_ignoring_case(item.name, name)) return item.value;
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> Header::selector(std::string_view name) const {
    return find_by_name(selectors, name);
}

std::optional<std::string_view> Header::option(std::string_view name) const {
    return find_by_name(options, name);
}

xml::Limits wire_limits(std::size_t bytes) {
    xml::Limits limits;
    limits.bytes = bytes;
    limits.depth = 64;
    limits.attributes = 64;
    limits.nodes = 100'000;  // A batch of 32,000 items is cut by the envelope's size long before.
    return limits;
}

namespace {

// SOAP 1.2 part 1, 5.1: one Header, then one Body. Of a message with two of them, whoever looked at it on the
// way may have read another one than we.
const char* misplaced(const xml::Element& envelope) {
    bool header = false;
    bool body = false;
    for (auto element = envelope.first(); element; element = element.next()) {
        if (element.is(ns::soap, "Header") && (std::exchange(header, true) || body))
            return "the envelope has a Header after its Header or Body";
        if (element.is(ns::soap, "Body") && std::exchange(body, true)) return "the envelope has two bodies";
    }
    return nullptr;
}

}  // namespace

Result<Message> read_message(std::string_view bytes, const xml::Limits& limits) {
    return read_message(std::string(bytes), limits);
}

Result<Message> read_message(std::string bytes, const xml::Limits& limits) {
    auto document = xml::Document::parse(std::move(bytes), limits);
    if (!document) {
        auto error = std::move(document).error();
        error.wsman_code = code::invalid_xml;
        return error;
    }
    Message message{{}, std::move(document).value(), {}};
    const auto root = message.document.root();
    if (root.is(ns::soap11, "Envelope"))
        return bad_request(code::soap_version_mismatch, "the envelope is SOAP 1.1; WS-Management uses 1.2");
    if (!root.is(ns::soap, "Envelope"))
        return bad_request("the document is " + std::string(root.local()) + ", not a SOAP envelope");

    if (const char* const wrong = misplaced(root)) return bad_request(wrong);
    HeaderReader reader(message.header);
    for (auto element = root.first(ns::soap, "Header").first(); element; element = element.next())
        reader.read(element);
    const auto body = root.first(ns::soap, "Body");
    if (!body) return bad_request("the envelope has no body");
    message.body = body.first();
    return message;
}

}  // namespace mullion::wsman
