// In which form a host writes what it enumerates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "simulate/cim_table.h"

namespace mullion::simulate {

// As mullion serve writes it, or as Windows Server 2003 R2, 2008 R2 and 2012 do, which are alike in this
// (zenoss/txwinrm's recordings): no element for an array that is null, and in the w:XmlFragment of a query
// that names columns nothing has a namespace, <Datetime> and <Interval> neither.
enum class CimForm : std::uint8_t { service, windows };

// Of an item as cimhost writes it.
[[nodiscard]] std::string in_form(CimForm form, std::string_view item, const CimTables& tables);

}  // namespace mullion::simulate
