// Values of CIM as people and programs are shown them. The wire has no types, and none are made up: a value
// is the host's text, but times are of one form.
#pragma once

#include <string>
#include <string_view>

#include "wsman/cim/instance.h"

namespace mullion::client {

// Text as it came; a time as XML Schema writes it, whichever form the host sent (2003's and other vendors'
// 20260101120000.000000+060 is 2026-01-01T12:00:00+01:00); a reference as cim_path(), an embedded instance as
// "Class{Name=Value, …}". Null: empty.
[[nodiscard]] std::string cim_text(const wsman::cim::Value& value);
// The same without a copy where it is the value's own text; else `made` is what holds it.
[[nodiscard]] std::string_view cim_text(const wsman::cim::Value& value, std::string& made);

// "root/cimv2:Win32_Service.Name=\"spooler\"", as WMI writes it; without what is not known.
[[nodiscard]] std::string cim_path(const wsman::cim::Reference& reference);

}  // namespace mullion::client
