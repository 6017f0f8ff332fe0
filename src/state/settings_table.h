// Every setting of winrm/config once: its row of the wire (name, type, range, preset), the field that the
// service reads, and what it does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "state/settings.h"
#include "wsman/config_table.h"

namespace mullion::state {

using SettingField = std::variant<std::monostate, bool Settings::*, std::uint32_t Settings::*,
                                  auth::CbtHardening Settings::*, std::string Settings::*>;

struct Setting {
    const wsman::ConfigRow* row = nullptr;  // Never null.
    SettingField field;                     // None: kept, shown, and used by nothing here.
    std::string_view text;

    [[nodiscard]] std::string_view path() const { return row->path; }
    [[nodiscard]] bool writable() const { return row->access == wsman::ConfigAccess::writable; }
};

// In the order of the wire.
[[nodiscard]] std::span<const Setting> settings_table();

// By path, without regard to case. Parts are separated by '/', '\' or '.'.
[[nodiscard]] const Setting* find_setting(std::string_view path);
// The path that a person most likely meant; empty when nothing is near.
[[nodiscard]] std::string_view nearest_setting(std::string_view path);

// The value as the service spells it. YAML's yes and no are booleans as well. Errors: config.invalid
[[nodiscard]] Result<std::string> setting_text(const Setting& setting, std::string_view value);
// What setting_text() or a preset gave.
void assign(Settings& settings, const Setting& setting, std::string_view text);
[[nodiscard]] std::string type_text(const Setting& setting);  // "true, false", "500..4294967295"

// docs/config.md
[[nodiscard]] std::string config_markdown();

}  // namespace mullion::state
