// SOAP envelopes and their WS-Addressing and WS-Management headers, both ends. [MS-WSMV] 2.2.4, DSP0226 5-6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"
#include "wsman/uris.h"
#include "xml/document.h"
#include "xml/writer.h"

namespace mullion::wsman {

struct Selector {
    std::string name;
    std::string value;
    bool operator==(const Selector&) const = default;
};

struct Option {
    std::string name;
    std::string value;
    bool must_comply = false;
    bool operator==(const Option&) const = default;
};

// Headers of a request or an answer; what is absent is empty.
struct Header {
    std::string action;
    std::string message_id;  // "uuid:…", upper case.
    std::string relates_to;  // Answers only.
    std::string to;
    std::string reply_to;  // Address.
    std::string fault_to;  // Address; only ever the anonymous one.
    std::string resource_uri;
    std::optional<std::uint64_t> max_envelope_size;  // Bytes; empty also when the text is no number.
    std::string max_envelope_size_text;              // As sent.
    std::optional<Duration> operation_timeout;       // Empty also when the text is no duration.
    std::string operation_timeout_text;              // As sent.
    std::string locale;                              // xml:lang
    std::string data_locale;
    std::string session_id;
    std::string operation_id;
    std::string activity_id;  // Windows puts one into answers, for its event log.
    std::optional<std::uint64_t> sequence_id;
    std::vector<Selector> selectors;
    std::vector<Option> options;
    std::string compression;  // rsp:CompressionType of a Create, such as "xpress".
    bool locale_must_understand = false;
    bool fragment_transfer = false;
    std::string fragment, fragment_dialect;  // Of w:FragmentTransfer, as sent.
    // Names ("{namespace}local") of headers with mustUnderstand=true that we do not know.
    std::vector<std::string> not_understood;
    // Names of headers that must be there once and are there again; the first one counts.
    std::vector<std::string> repeated;

    [[nodiscard]] std::optional<std::string_view> selector(std::string_view name) const;  // Case-insensitive.
    [[nodiscard]] std::optional<std::string_view> option(std::string_view name) const;    // Case-insensitive.
};

// A message that was read; `body` is the first element inside s:Body (empty when there is none).
struct Message {
    Header header;
    xml::Document document;
    xml::Element body;
};

// Limits of a document from the wire: size as given; depth, attributes and nodes as fits WS-Management.
[[nodiscard]] xml::Limits wire_limits(std::size_t bytes);

// Reads any envelope, Identify's too: a header that is missing or makes no sense is for the caller to judge
// (request_rules.h). Errors: wsman.malformed; its wsman_code is the fault to answer with.
[[nodiscard]] Result<Message> read_message(std::string bytes, const xml::Limits& limits);
[[nodiscard]] Result<Message> read_message(std::string_view bytes, const xml::Limits& limits);

// What every request of one session repeats.
struct RequestSettings {
    std::string to;          // The URL as the client sees it.
    std::string session_id;  // "uuid:…"; may be empty.
    std::uint64_t max_envelope_size = 153'600;
    Duration operation_timeout{20'000};
    std::string locale = "en-US";
    std::string shell_resource = std::string(resource::command_shell);  // Where the shell's own verbs go.
};

// A request to be completed: header() of one call, then its body is written by the caller's function.
struct RequestHead {
    std::string_view action;
    std::string_view resource_uri;
    std::string message_id;
    std::vector<Selector> selectors;
    std::vector<Option> options;
    std::string fragment = {};  // Of w:FragmentTransfer; empty: all of the resource.
    std::string fragment_dialect = {};
};

// Body writers get a Writer that stands inside s:Body with the prefixes s a w p rsp x n declared.
template <class WriteBody>
[[nodiscard]] std::string write_request(const RequestSettings& settings, const RequestHead& head,
                                        WriteBody&& write_body);
template <class WriteBody>
[[nodiscard]] std::string write_response(std::string_view action, std::string_view message_id,
                                         std::string_view relates_to, WriteBody&& write_body);

// "uuid:" and a new GUID.
[[nodiscard]] std::string new_message_id(Random& random);

// xs:duration as WinRM uses it: "PT20S", "PT0.500S", "P0DT0H0M36S", "PT7200.000S". Nothing for negative,
// malformed, with years or months, or beyond what Duration holds.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(Duration value);       // "PT20S", "PT0.500S"
[[nodiscard]] std::string format_duration_long(Duration value);  // "PT7200.000S": IdleTimeOut of answers
[[nodiscard]] std::string format_duration_days(Duration value);  // "P0DT0H0M36S": ShellRunTime

namespace detail {  // The parts of the templates that need not be templates.
void begin_request(xml::Writer& out, const RequestSettings& settings, const RequestHead& head);
void begin_response(xml::Writer& out, std::string_view action, std::string_view message_id,
                    std::string_view relates_to);
std::string finish(xml::Writer& out);
}  // namespace detail

template <class WriteBody>
std::string write_request(const RequestSettings& settings, const RequestHead& head, WriteBody&& write_body) {
    xml::Writer out;
    detail::begin_request(out, settings, head);
    write_body(out);
    return detail::finish(out);
}

template <class WriteBody>
std::string write_response(std::string_view action, std::string_view message_id, std::string_view relates_to,
                           WriteBody&& write_body) {
    xml::Writer out;
    detail::begin_response(out, action, message_id, relates_to);
    write_body(out);
    return detail::finish(out);
}

// Where text begins that no envelope can carry (bytes that are not UTF-8, most control characters); npos when
// all of it can. Writers put '?' there: who must not have it changed asks first.
[[nodiscard]] std::size_t find_unsendable(std::string_view text);

}  // namespace mullion::wsman
