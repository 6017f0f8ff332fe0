// Descriptors that tests name by their text.
#pragma once

#include <gtest/gtest.h>

#include "rights/sddl.h"

namespace mullion::rights {

// What winrm/config/service has for RootSDDL on Windows as installed.
inline constexpr std::string_view default_root =
    "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";
// `sc sdshow scmanager` of the same.
inline constexpr std::string_view service_manager =
    "D:(A;;CC;;;AU)(A;;CCLCRPRC;;;IU)(A;;CCLCRPRC;;;SU)(A;;CCLCRPWPRC;;;SY)(A;;KA;;;BA)(A;;CC;;;AC)"
    "(A;;CC;;;S-1-15-3-1024-528118966-3876874398-709513571-1907873084-3598227634-3698730060-278077788-"
    "3990600205)S:(AU;FA;KA;;;WD)(AU;OIIOFA;GA;;;WD)";

inline Descriptor descriptor_of(std::string_view text) {
    auto read = parse_sddl(text);
    if (const auto* fault = std::get_if<SddlFault>(&read)) {
        ADD_FAILURE() << text << ": " << fault->text();
        return {};
    }
    return std::get<Descriptor>(std::move(read));
}

}  // namespace mullion::rights
