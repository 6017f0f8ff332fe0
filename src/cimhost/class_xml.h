// A class as DSP0201's XML, which Windows' CIM cmdlets ask for.
#pragma once

#include <string>

#include "cim/class_def.h"

namespace mullion::cimhost {

struct ClassParts {
    bool hierarchy = false;   // DERIVATION: all that it stands on, nearest first.
    bool inherited = false;   // Properties and methods of those too.
    bool qualifiers = false;  // key, CounterType, static …
};

// `dynamic`: its instances come from a provider.
[[nodiscard]] std::string class_xml(const cim::ClassDef& definition, const ClassParts& parts, bool dynamic);

}  // namespace mullion::cimhost
