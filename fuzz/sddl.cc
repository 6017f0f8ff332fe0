// Security descriptors: what is read is the same again when it was written, with domains and without; editing
// gives no more than was asked and never shuts everyone out.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "rights/edit.h"
#include "rights/sddl.h"

namespace {

using namespace mullion::rights;

void check_edits(const Descriptor& descriptor) {
    const auto& aces = descriptor.dacl->aces;
    const Sid sid = aces.empty() ? sids::users : aces[aces.size() / 2].sid;
    const auto before = effective_rights(descriptor, network_token(sid, {}));
    for (const auto mask : {generic_read, generic_write | 0x5, generic_all}) {
        const auto taken = revoke(descriptor, sid, mask), given = grant(descriptor, sid, mask);
        if (const auto* edited = std::get_if<Edited>(&taken)) {
            FUZZ_CHECK(someone_has_full_access(edited->descriptor));
            FUZZ_CHECK((edited->effective & ~before) == 0);
            FUZZ_CHECK(edited->changed || edited->descriptor == descriptor);
        }
        if (const auto* edited = std::get_if<Edited>(&given)) {
            FUZZ_CHECK(someone_has_full_access(edited->descriptor));
            FUZZ_CHECK((edited->effective & ~(before | map_generic(mask, winrm_mapping))) == 0);
            // It is so now: once more changes nothing.
            const auto twice = grant(edited->descriptor, sid, mask);
            FUZZ_CHECK(std::holds_alternative<Edited>(twice) && !std::get<Edited>(twice).changed);
        }
    }
}

void check(std::string_view text, const Domains& domains, const SddlLimits& limits) {
    const auto read = parse_sddl(text, domains, limits);
    if (const auto* fault = std::get_if<SddlFault>(&read)) {
        FUZZ_CHECK(fault->place <= text.size() && !fault->expected.empty());
        for (const char c : fault->text()) FUZZ_CHECK(c >= ' ' && c <= '~');
        return;
    }
    const auto& descriptor = std::get<Descriptor>(read);
    FUZZ_CHECK(text.size() <= limits.bytes);
    for (const auto* acl : {&descriptor.dacl, &descriptor.sacl})
        FUZZ_CHECK(!*acl || ((*acl)->aces.size() <= limits.aces && !((*acl)->null && !(*acl)->aces.empty())));
    const auto written = write_sddl(descriptor, domains);
    const auto again = parse_sddl(written, domains);
    FUZZ_CHECK(std::holds_alternative<Descriptor>(again) && std::get<Descriptor>(again) == descriptor);
    FUZZ_CHECK(write_sddl(std::get<Descriptor>(again), domains) == written);
    if (descriptor.dacl && !descriptor.dacl->null) check_edits(descriptor);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, {}, {});
    check(text, {Sid(5, {21, 7}), Sid(5, {21, 8}), Sid(5, {21, 9})}, {512, 4});
    return 0;
}
