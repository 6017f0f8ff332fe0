#include "cimhost/options.h"

#include <fmt/core.h>

#include "wql/fold.h"
#include "wsman/fault.h"

namespace mullion::cimhost {

std::optional<cim::Failure> read_option(const wsman::Header& header, std::string_view name, bool& into) {
    const auto value = header.option(name);
    if (!value) return std::nullopt;
    const bool yes = wql::same_name(*value, "true") || *value == "1";
    if (!yes && !wql::same_name(*value, "false") && *value != "0")
        return refuse(wsman::code::invalid_option_value,
                      fmt::format("the option {} is neither true nor false", name));
    into = yes;
    return std::nullopt;
}

}  // namespace mullion::cimhost
