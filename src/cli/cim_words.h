// What is written on the command line of `mullion cim`: objects, values, queries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/cim.h"
#include "core/result.h"

namespace mullion::cli {

// "Win32_Service", "Win32_Service?Name=spooler+Zone=1" as winrm writes it,
// `root/cimv2:Win32_Service.Name="spooler"` as WMI does, or a whole resource URI of either's form; `more` are
// KEY=VALUE. A class without a namespace of its own is of `cim_namespace`. Errors: usage.invalid
[[nodiscard]] Result<wsman::cim::Target> parse_cim_object(std::string_view text,
                                                          const std::vector<std::string>& more,
                                                          std::string_view cim_namespace);

// NAME=VALUE; $null is null, and a name that comes again is an array's next value. Errors: usage.invalid
[[nodiscard]] Result<client::CimProperties> parse_cim_values(const std::vector<std::string>& words);

// Refused here is only what no service could take; Windows may know more of WQL than we do.
// Errors: usage.invalid
[[nodiscard]] Result<void> check_wql(std::string_view query);

// The columns that a query names, in its order; none: all there are, or it is not known.
[[nodiscard]] std::vector<std::string> wql_columns(std::string_view query);

}  // namespace mullion::cli
