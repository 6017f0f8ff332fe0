// The switches of winrm: -name[:value] or /name[:value], whatever the case of the name.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::winrm {

enum class SwitchId {
    help,
    remote,
    username,
    password,
    authentication,
    certificate,
    usessl,
    unencrypted,
    encoding,
    skip_ca_check,
    skip_cn_check,
    skip_revocation_check,
    default_creds,
    spn_port,
    proxy_access,
    proxy_authentication,
    proxy_username,
    proxy_password,
    timeout,
    format,
    file,
    options,
    fragment,
    dialect,
    filter,
    associations,
    return_type,
    shallow,
    base_properties_only,
    quiet,
    transport,
    force,
};
inline constexpr std::size_t switch_count = static_cast<std::size_t>(SwitchId::force) + 1;

// Which operations take a switch.
enum class SwitchSet { everywhere, connection, document, enumeration, quickconfig };

struct SwitchRow {
    SwitchId id;
    std::string_view name;  // As messages have it: in small letters.
    std::vector<std::string_view> aliases;
    bool takes_value;
    SwitchSet set;
};
[[nodiscard]] const std::vector<SwitchRow>& switch_table();
[[nodiscard]] const SwitchRow* find_switch(
    std::string_view name);  // Its name or an alias; null when unknown.

// A word that begins with one '-' or '/', parted at its first ':'.
struct SwitchWord {
    std::string_view name;
    std::string_view value;
};
[[nodiscard]] std::optional<SwitchWord> as_switch(std::string_view word);
// "--nologo", "//nologo": for the script host of the namesake, which is not here.
[[nodiscard]] bool is_for_script_host(std::string_view word);

// The value of a variable; null where there is none.
using Environment = std::function<const char*(const char* name)>;

// What was given. Views are of the words.
class Switches {
public:
    explicit Switches(Environment environment = {}) : environment_(std::move(environment)) {}

    // Takes note of a switch. Errors: usage.invalid for one without a name, one that came before, one that
    // lacks its value or its closing quote, a flag with a value. An unknown one is noted in unknown().
    [[nodiscard]] Result<void> add(const SwitchWord& word);

    [[nodiscard]] bool has(SwitchId id) const { return values_[index(id)].has_value(); }
    // Without quotes around it, `\"` as `"`, and %NAME% as the environment's variable where that is one.
    [[nodiscard]] std::string text(SwitchId id) const;
    // Of a password, in which nothing is expanded; no other copy is left.
    [[nodiscard]] Secret secret(SwitchId id) const;
    [[nodiscard]] const std::vector<std::string>& unknown() const { return unknown_; }
    [[nodiscard]] const std::vector<SwitchId>& given() const { return given_; }

private:
    static std::size_t index(SwitchId id) { return static_cast<std::size_t>(id); }
    [[nodiscard]] std::string plain(SwitchId id) const;

    Environment environment_;
    std::array<std::optional<std::string_view>, switch_count> values_;
    std::vector<std::string> unknown_;
    std::vector<SwitchId> given_;  // In their order.
};

// The parts of a command line that may be passwords: values of -p: and -pp:, and every @{…}, also where it
// goes on in further words. Whoever holds the words (argv) wipes these bytes as soon as they were read, so
// that neither the process list nor a core dump has them.
[[nodiscard]] std::vector<std::string_view> clear_parts(std::span<const std::string_view> words);

// Whether one of them is a password's value in clear.
[[nodiscard]] bool gives_password(std::span<const std::string_view> words);

// The same of a property in @{…} whose name ends in "password".
[[nodiscard]] bool bag_gives_password(std::span<const std::string_view> words);

// True where '{' was opened outside of quotes and not closed: a shell cut it at its blanks.
[[nodiscard]] bool goes_on(std::string_view word);

}  // namespace mullion::winrm
