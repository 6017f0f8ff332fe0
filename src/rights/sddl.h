// Security descriptors as text: SDDL. [MS-DTYP] 2.5.1.
//
// Written as Windows writes it (letters in the order of their bits, an alias where there is one, hex where no
// letters say it), so that its own text comes back as it was. Keywords are read in either case, the parts in
// any order. ACEs that cannot be judged here are refused by name: conditional ones (XA XD XU ZA), resource
// attributes (RA), scoped policies (SP), trust labels (TL) and access filters (FL). Leaving them out would
// change who may do what.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "rights/descriptor.h"
#include "rights/well_known.h"

namespace mullion::rights {

struct SddlLimits {
    std::size_t bytes = 65'536;  // What a binary ACL may be at most ([MS-DTYP] 2.4.5), and text is longer.
    std::size_t aces = 1024;     // In each list.
};

// Where the text stopped to be SDDL.
struct SddlFault {
    std::size_t place = 0;  // In bytes from the beginning.
    std::string expected;   // "the letters of a right, or a number"
    std::string found;      // What stands there instead, shortened and printable; empty at the end.

    [[nodiscard]] std::string text() const;  // "character 12: expected …, found "XY""
};

[[nodiscard]] std::variant<Descriptor, SddlFault> parse_sddl(std::string_view text,
                                                             const Domains& domains = {},
                                                             const SddlLimits& limits = {});

[[nodiscard]] std::string write_sddl(const Descriptor& descriptor, const Domains& domains = {});
// The parts of it that are shown alone: "BA" or "S-1-5-…", and "GXGR", "KA" or "0x1200a9".
[[nodiscard]] std::string write_trustee(const Sid& sid, const Domains& domains = {});
[[nodiscard]] std::string write_mask(AccessMask mask, AceType type = AceType::A);

}  // namespace mullion::rights
