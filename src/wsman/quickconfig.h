// What `winrm quickconfig` asks a service: is it set up, and set it up. Two pairs of actions of
// winrm/config/service, each of an analysis and of what it found to be needed: AnalyzeService and
// EnableService, Analyze and EnableRemoting. Readers and writers as in config.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

// `<Analyze_INPUT><Transport>http</Transport><Force/></Analyze_INPUT>`, and the same of EnableRemoting.
struct QuickconfigInput {
    bool https = false;
    // Whatever the kind of network: machines of ours do not tell kinds of networks apart, so that it is so
    // already.
    bool force = false;
    bool operator==(const QuickconfigInput&) const = default;
};
// `name` is the action's: "Analyze". A missing Transport is http, as on Windows. Errors: schema_validation,
// invalid_namespace
[[nodiscard]] Result<QuickconfigInput> read_quickconfig_input(const Message&, std::string_view name);
// AnalyzeService and EnableService have nothing to say.
[[nodiscard]] Result<void> read_quickconfig_empty(const Message&, std::string_view name);

struct QuickconfigAnalysis {
    bool enabled = false;
    std::string source;   // "GPO": policy stands in the way.
    std::string results;  // What is so, or what is to be done, a line for each.
    // What the client sends back to have it done; nothing where there is nothing to be done, or no way to.
    std::optional<QuickconfigInput> next;
};
// `action` is the request's URI; `next` is written as the input of `next_name`.
[[nodiscard]] std::string write_quickconfig_analysis(std::string_view action, std::string_view message_id,
                                                     std::string_view relates_to, const QuickconfigAnalysis&,
                                                     std::string_view next_name);
// That it was done: Status "succeeded".
[[nodiscard]] std::string write_quickconfig_done(std::string_view action, std::string_view message_id,
                                                 std::string_view relates_to, std::string_view results);

}  // namespace mullion::wsman
