// The messages of winrm/config, both ends: Get, Put, Create, Delete, and the items of Enumerate. [MS-WSMV]
// 3.1.4.2 - 3.1.4.5; config_table.h has the settings. Readers of requests put the fault to answer with into
// Error::wsman_code (config_fault() makes it); readers of answers give to_error() of a fault that came
// instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "wsman/config_table.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"

namespace mullion::wsman {

inline constexpr std::string_view policy_source = "GPO";

struct ConfigValue {
    std::string path;    // As in the table; in answers also one that we do not know.
    std::string text;    // "true", "60000"; a list repeats its path.
    std::string source;  // "GPO" where policy sets it.
    bool nil = false;    // `$null` of winrm.
    bool operator==(const ConfigValue&) const = default;
};

// A representation of one resource, whole or in part.
struct ConfigDocument {
    const ConfigResource* resource = nullptr;  // Never null.
    std::string source;                        // Of a whole listener: "GPO".
    std::string language;                      // xml:lang of the root, as Windows writes it but on Config.
    std::vector<ConfigValue> values;           // Written in this order.
    std::optional<Secret> password;            // Of a mapping, in requests only.

    [[nodiscard]] const ConfigValue* find(std::string_view path) const;
};

// What a request is about.
struct ConfigTarget {
    const ConfigResource* resource = nullptr;  // Never null.
    std::vector<Selector> keys;                // Named and ordered as in the table.
    bool operator==(const ConfigTarget&) const = default;
};

// ---- Requests, as a service reads them ----
// URI, verb (by the action) and selectors of any request below winrm/config.
[[nodiscard]] Result<ConfigTarget> read_config_target(const Message&);
// The body of a Put or Create: every value known, there once, of its type and in its range, and spelt as the
// service would ("True" → "true"). The order is free: `winrm create @{}` sends what the user typed. Read-only
// settings are let through, since `winrm set` sends all that it got: config_changes() judges them.
[[nodiscard]] Result<ConfigDocument> read_config_body(const Message&, const ConfigTarget&);
// The values that differ from what is, or the fault of the first that may not: policy, read-only, deprecated,
// keys. `current` says by `source` where each value comes from.
[[nodiscard]] Result<std::vector<ConfigValue>> config_changes(const ConfigDocument& current,
                                                              const ConfigDocument& asked);
// One value as the service spells it, or why it is none: for files and policies too. The error carries the
// fault's code.
[[nodiscard]] Result<std::string> config_text(const ConfigRow&, std::string_view text);
// Whether an address of this machine ("10.0.0.1", "fe80::1%eth0") is one that the filter lets it be reached
// at.
[[nodiscard]] bool filter_takes(std::string_view filter, std::string_view address);
[[nodiscard]] Error policy_controlled(std::string_view what);  // For set, create and delete.
[[nodiscard]] Fault config_fault(const Error&);

// ---- Answers, as a service writes them ----
// A representation without values, with the language that its resource is written with.
[[nodiscard]] ConfigDocument new_config_document(const ConfigResource&);
[[nodiscard]] std::string write_config_answer(std::string_view request_action, std::string_view message_id,
                                              std::string_view relates_to, const ConfigDocument&);
[[nodiscard]] std::string write_config_created(std::string_view message_id, std::string_view relates_to,
                                               const ConfigTarget&);
// To an action of winrm/config that gives nothing back: "restore".
[[nodiscard]] std::string write_config_invoked(std::string_view action, std::string_view message_id,
                                               std::string_view relates_to);
// Items of an Enumerate: the representation, its address (EnumerateEPR), or both (EnumerateObjectAndEPR).
[[nodiscard]] std::string config_item(const ConfigDocument&);
[[nodiscard]] std::string config_reference_item(const ConfigTarget&, std::string_view to);
[[nodiscard]] std::string config_item_with_reference(const ConfigDocument&, const ConfigTarget&,
                                                     std::string_view to);

// ---- Requests, as a client writes them: paths are asked is_config_path() first. ----
[[nodiscard]] std::string write_config_get(const RequestSettings&, std::string_view message_id,
                                           const ConfigTarget&);
[[nodiscard]] std::string write_config_put(const RequestSettings&, std::string_view message_id,
                                           const ConfigTarget&, const ConfigDocument&);
[[nodiscard]] std::string write_config_create(const RequestSettings&, std::string_view message_id,
                                              const ConfigTarget&, const ConfigDocument&);
[[nodiscard]] std::string write_config_delete(const RequestSettings&, std::string_view message_id,
                                              const ConfigTarget&);
[[nodiscard]] bool is_config_path(std::string_view path);  // Names that XML can carry, parted by '/'.

// ---- Answers, as a client reads them: other versions have other settings, which are kept. ----
[[nodiscard]] Result<ConfigDocument> read_config_answer(const Message&, std::string_view request_action,
                                                        const ConfigResource&);
[[nodiscard]] Result<ConfigTarget> read_config_created(const Message&);
[[nodiscard]] Result<ConfigDocument> read_config_item(std::string_view xml, const ConfigResource&);

}  // namespace mullion::wsman
