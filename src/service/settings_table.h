// Every setting once: path, field, range, whether a change applies while the service runs, and what it does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "service/settings.h"

namespace mullion::service {

using SettingField = std::variant<bool Settings::*, std::uint32_t Settings::*, auth::CbtHardening Settings::*,
                                  std::string Settings::*>;

struct Setting {
    std::string_view path;  // As Windows writes it: "Service/Auth/Basic".
    SettingField field;
    std::uint32_t minimum;  // Of numbers.
    std::uint32_t maximum;
    bool live;  // A reload (SIGHUP) applies it; otherwise a restart does.
    std::string_view text;
};

[[nodiscard]] std::span<const Setting> settings_table();

// By path, without regard to case. Parts are separated by '/', '\' or '.'.
[[nodiscard]] const Setting* find_setting(std::string_view path);
// The path that a person most likely meant; empty when nothing is near.
[[nodiscard]] std::string_view nearest_setting(std::string_view path);

// "true", "65536", "Strict", a thumbprint (the only kind of text). Errors: config.invalid with type and
// range.
[[nodiscard]] Result<void> assign(Settings& settings, const Setting& setting, std::string_view value);
[[nodiscard]] std::string value_text(const Settings& settings, const Setting& setting);
[[nodiscard]] std::string type_text(
    const Setting& setting);  // "boolean", "500..4294967295", "None, Relaxed, Strict"

// --set PATH=VALUE. Errors: config.invalid
[[nodiscard]] Result<void> assign_text(Settings& settings, std::string_view path_and_value);

// Copies what a reload may change from `wanted`; the paths of what needs a restart are returned.
[[nodiscard]] std::vector<std::string_view> apply_live(Settings& running, const Settings& wanted);

// docs/config.md
[[nodiscard]] std::string config_markdown();

}  // namespace mullion::service
