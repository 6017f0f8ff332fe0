// What a scrape asks for: /probe?target=HOST&auth=NAME&module=A,B&debug=true. Pure: a request in, a plan or a
// refusal out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "exporter/config.h"
#include "http/message.h"

namespace mullion::exporter {

struct ProbeRequest {
    TargetName target;
    std::string auth_name;
    const Auth* auth = nullptr;  // Both of the configuration that it was read with.
    std::vector<const Module*> modules;
    bool debug = false;
    Duration limit{0};  // How long the answer may take.
};

struct Refusal {
    int status = 400;
    std::string why;
};

// The words behind a '?', percent-decoded; '+' is a blank. Nothing: it is no such text, or too long.
using QueryWords = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::optional<QueryWords> parse_query(std::string_view text);

// 400 for what is not there or not known, 403 for a host that may not be asked.
[[nodiscard]] std::variant<ProbeRequest, Refusal> read_probe(const Config& config, std::string_view query,
                                                             const http::Headers& headers);

}  // namespace mullion::exporter
