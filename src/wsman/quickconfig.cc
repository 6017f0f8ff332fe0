#include "wsman/quickconfig.h"

#include <fmt/format.h>

#include "encoding/utf16.h"
#include "wsman/config_table.h"
#include "wsman/values.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_shown = 100;

std::string shown(std::string_view text) {
    return encoding::shortened(std::string(text), longest_shown);
}

std::string service_uri() {
    return std::string(resource::config).append("/service");
}

// Windows' own client writes the element in the namespace of the resource.
Result<void> check_root(const xml::Element& body, std::string_view name) {
    const auto root = std::string(name).append("_INPUT");
    if (!body || !same_ignoring_case(body.local(), root))
        return bad_request(
            fmt::format("the body is {}, not {}", body ? shown(body.local()) : std::string("empty"), root));
    if (same_ignoring_case(body.space(), service_uri())) return {};
    return bad_request(code::invalid_namespace, fmt::format("{} is in the namespace \"{}\", not {}", root,
                                                            shown(body.space()), service_uri()));
}

Result<bool> is_https(const xml::Element& element) {
    const auto text = element.trimmed();
    if (same_ignoring_case(text, "https")) return true;
    if (text.empty() || same_ignoring_case(text, "http")) return false;
    return bad_request(fmt::format("Transport is http or https, and not \"{}\"", shown(text)));
}

struct Written {
    std::string answer;  // The action of it.
    std::string root;    // "p:Analyze_OUTPUT"
    std::string_view space;
};

Written names_of(std::string_view action) {
    const auto slash = action.rfind('/');
    return {std::string(action).append(action::response_suffix),
            fmt::format("p:{}_OUTPUT", action.substr(slash + 1)), action.substr(0, slash)};
}

}  // namespace

Result<QuickconfigInput> read_quickconfig_input(const Message& message, std::string_view name) {
    MULLION_TRY(check_root(message.body, name));
    QuickconfigInput out;
    bool transport = false;
    for (auto child = message.body.first(); child; child = child.next()) {
        if (same_ignoring_case(child.local(), "Transport")) {
            if (transport) return bad_request("Transport is there twice");
            transport = true;
            MULLION_ASSIGN(out.https, is_https(child));
        } else if (same_ignoring_case(child.local(), "Force")) {
            out.force = true;
        } else {
            return bad_request(fmt::format("{}_INPUT has no {}", name, shown(child.local())));
        }
    }
    return out;
}

Result<void> read_quickconfig_empty(const Message& message, std::string_view name) {
    MULLION_TRY(check_root(message.body, name));
    if (const auto child = message.body.first())
        return bad_request(fmt::format("{}_INPUT has no {}", name, shown(child.local())));
    return {};
}

std::string write_quickconfig_analysis(std::string_view action, std::string_view message_id,
                                       std::string_view relates_to, const QuickconfigAnalysis& analysis,
                                       std::string_view next_name) {
    const auto names = names_of(action);
    return write_response(names.answer, message_id, relates_to, [&](xml::Writer& out) {
        out.open(names.root).declare("p", names.space);
        out.open("p:RemotingEnabled");
        if (!analysis.source.empty()) out.attribute("Source", analysis.source);
        out.text(analysis.enabled ? "true" : "false").close();
        out.element("p:Results", analysis.results);
        if (analysis.next) {
            const auto next = fmt::format("p:{}_INPUT", next_name);
            out.open(next).element("p:Transport", analysis.next->https ? "https" : "http");
            if (analysis.next->force) out.open("p:Force").close();
            out.close();
        }
        out.close();
    });
}

std::string write_quickconfig_done(std::string_view action, std::string_view message_id,
                                   std::string_view relates_to, std::string_view results) {
    const auto names = names_of(action);
    return write_response(names.answer, message_id, relates_to, [&](xml::Writer& out) {
        out.open(names.root).declare("p", names.space);
        out.element("p:Status", "succeeded").element("p:Results", results).close();
    });
}

}  // namespace mullion::wsman
