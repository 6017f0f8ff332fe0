// WS-Enumeration as WinRM uses it (optimized and plain). DSP0226 8, [MS-WSMV] 3.1.4.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/envelope.h"
#include "wsman/shell.h"

namespace mullion::wsman {

struct Enumerate {
    bool optimize = true;
    std::optional<std::uint32_t> max_elements;
    std::string mode;            // "", "EnumerateEPR", "EnumerateObjectAndEPR"
    std::string filter_dialect;  // With a filter present.
    bool has_filter = false;
    std::string filter_xml;  // Content of w:Filter.
    std::string polymorphism =
        {};  // "", "IncludeSubClassProperties", "ExcludeSubClassProperties", "None"; DSP0227
    std::optional<Duration> expires = {};  // For how long the context is wanted. WS-Enumeration 3.1
};
// `head` says of what; its action is set here.
[[nodiscard]] std::string write_enumerate(const RequestSettings&, RequestHead head, const Enumerate&);
[[nodiscard]] std::string write_enumerate(const RequestSettings&, std::string_view message_id,
                                          std::string_view resource_uri,
                                          const std::vector<Selector>& selectors, const Enumerate&);
[[nodiscard]] Result<Enumerate> read_enumerate(const Message&);

struct Pull {
    std::string context;
    std::optional<std::uint32_t> max_elements;
    std::optional<Duration> max_time = {};             // Until the first item is there.
    std::optional<std::uint64_t> max_characters = {};  // Of the items' XML.
};
[[nodiscard]] std::string write_pull(const RequestSettings&, std::string_view message_id,
                                     std::string_view resource_uri, const Pull&);
[[nodiscard]] Result<Pull> read_pull(const Message&);
[[nodiscard]] std::string write_release(const RequestSettings&, std::string_view message_id,
                                        std::string_view resource_uri, std::string_view context);
[[nodiscard]] Result<std::string> read_release(const Message&);  // The context.
[[nodiscard]] std::string write_release_response(std::string_view message_id, std::string_view relates_to);

// One batch. In EnumerateResponse items and end are w:, in PullResponse n: (written and read so).
struct Batch {
    std::string context;
    std::vector<std::string> items;  // Each the XML of one item.
    bool end = false;
    std::optional<Duration> expires = {};  // Of an Enumerate that asked for it: what it was given.
};
[[nodiscard]] std::string write_enumerate_response(std::string_view message_id, std::string_view relates_to,
                                                   const Batch&);
[[nodiscard]] std::string write_pull_response(std::string_view message_id, std::string_view relates_to,
                                              const Batch&);
[[nodiscard]] Result<Batch> read_enumerate_response(const Message&);
[[nodiscard]] Result<Batch> read_pull_response(const Message&);

// One rsp:Shell of a batch, both ways.
[[nodiscard]] std::string shell_item(const ShellInfo&);
[[nodiscard]] Result<ShellInfo> read_shell_item(std::string_view xml);

}  // namespace mullion::wsman
